/**
 * Writes the generated parts of docs/reference/ and docs/pt-BR/reference/: settings from .env.example, commands from their
 * usage texts, statuses and events from the tables of the code. Portuguese texts are those of reference/texts.pt-BR.json;
 * a text that is missing there is written in English. Run `npm run build` first.
 *
 * The text before and after a generated part is written by hand. With --check nothing is written: a page that is out of
 * date is an error.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { commandParts } from './reference/commands.mjs';
import { eventParts } from './reference/events.mjs';
import { settingParts } from './reference/settings.mjs';
import { statusParts } from './reference/statuses.mjs';
import { Translation } from './reference/translation.mjs';

const root = join(import.meta.dirname, '..');
/** The pages, each with the function that returns its parts: Markdown by name. */
const PAGES = { settings: settingParts, commands: commandParts, statuses: statusParts, events: eventParts };

/** Writes the parts of one page, between `<!-- generated: NAME -->` and `<!-- end -->`. */
async function writePage(page, parts) {
  const file = join(root, page);
  const present = await readFile(file, 'utf8');
  const names = [...present.matchAll(/<!-- generated: ([\w-]+) -->/g)].map(([, name]) => name);
  const missing = Object.keys(parts).filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`${page} has no place for: ${missing.join(', ')}`);
  const written = present.replace(
    /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, begin, name, end) => `${begin}\n${parts[name]}\n\n${end}`,
  );
  const formatted = await format(written, { ...(await resolveConfig(file)), filepath: file });
  if (!process.argv.includes('--check')) await writeFile(file, formatted);
  else if (formatted !== present) {
    console.error(`${page} is out of date: npm run docs:reference`);
    process.exitCode = 1;
  }
}

const translations = {
  'docs/reference': new Translation('docs/reference'),
  'docs/pt-BR/reference': new Translation(
    'docs/pt-BR/reference',
    JSON.parse(await readFile(join(import.meta.dirname, 'reference', 'texts.pt-BR.json'), 'utf8')),
  ),
};
for (const [folder, translation] of Object.entries(translations))
  for (const [name, partsOf] of Object.entries(PAGES))
    await writePage(`${folder}/${name}.md`, await partsOf(translation));

const { untranslated, unused } = translations['docs/pt-BR/reference'];
if (untranslated.length > 0) console.log(`Without a Portuguese text: ${untranslated.join(', ')}`);
if (unused.length > 0) {
  console.error(`texts.pt-BR.json has texts that are used nowhere: ${unused.join(', ')}`);
  process.exitCode = 1;
}
