import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { table } from './translation.mjs';

const root = join(import.meta.dirname, '..', '..');
const load = createRequire(import.meta.url);
const MODULES = ['support/arguments', 'support/key-arguments', 'privacy/privacy-arguments'];

/** Returns the scripts of package.json that run a command of the service, in their order. */
function scriptNames() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(scripts).filter((name) => scripts[name].startsWith('node dist/src/commands/'));
}

/** Returns the usage texts of the commands by the script of package.json that they name. */
function usageTexts() {
  const exported = MODULES.flatMap((name) =>
    Object.entries(load(join(root, 'dist', 'src', 'commands', `${name}.js`))),
  );
  const usages = exported.filter(([name]) => name.endsWith('_USAGE')).map(([, text]) => text);
  return new Map(usages.map((usage) => [/npm run (?:--silent )?([\w:]+)/.exec(usage)[1], usage]));
}

/**
 * Splits a usage text: the description, the command lines, the options with their texts, the remarks. A line that is
 * indented further than the options continues the text of the option before it.
 */
function parse(usage) {
  const [description, lines, ...blocks] = usage.split('\n\n');
  const rows = blocks.map((block) =>
    block
      .replaceAll(/\n {3,}/g, ' ')
      .split('\n')
      .map((each) => each.slice(2)),
  );
  const options = rows
    .flat()
    .map((row) => /^(--[\w-]+) +(.*)$/.exec(row) ?? undefined)
    .filter((row) => row !== undefined);
  const remarks = rows
    .map((each) => each.filter((row) => !row.startsWith('--')).join(' '))
    .filter((text) => text !== '');
  return {
    description: description.replaceAll('\n', ' '),
    lines: lines.split('\n').map((line) => line.trim()),
    options: options.map(([, name, text]) => [name, text]),
    remark: remarks.join(' '),
  };
}

/** Returns the part of the page: a section for each command. */
export function commandParts(translation) {
  const usages = usageTexts();
  const header = ['option', 'meaning'].map((word) => translation.text(`header.${word}`, word));
  const sections = scriptNames().map((name) => {
    const usage = usages.get(name);
    if (usage === undefined) throw new Error(`npm run ${name} has no usage text in ${MODULES.join(', ')}`);
    const { description, lines, options, remark } = parse(usage);
    const say = (key, english) => translation.markdown(translation.text(`${name}.${key}`, english));
    const rows = options.map(([option, text]) => [`\`${option}\``, say(option, text)]);
    return [
      `## ${name}`,
      say('description', description),
      lines.map((line) => `\`${line}\``).join('  \n'),
      ...(rows.length === 0 ? [] : [table(header, rows)]),
      ...(remark === '' ? [] : [say('remark', remark)]),
    ].join('\n\n');
  });
  return { commands: sections.join('\n\n') };
}
