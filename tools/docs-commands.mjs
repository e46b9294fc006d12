/**
 * Reads the commands of the documentation: fenced blocks whose language is `sh` are run, those whose language is `console`
 * are not, for the reason that the word after it names.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const FENCE = /^( *)```(\w+) *([^\n]*)\n([\s\S]*?)^\1```/gm;
/** The rest of the first line of a block that is the content of a file: ```js file=data/shop.mjs */
const FILE = /^file=(data\/[\w.-]+)$/;
/** The reasons for blocks `console WORD`, which are not run. */
export const REASONS = {
  change: 'checks a change of the code that the page describes',
  docker: 'needs Docker',
  kubernetes: 'needs Kubernetes',
  long: 'takes minutes, or is run by .ci/run',
  machine: 'changes the machine, or needs a program that it may lack',
  production: 'needs a service in production, its shop or its database',
  schema: 'would change the tables below the running service',
  server: 'starts a server, which does not end by itself, or on a port that is in use',
};
const NO_LANGUAGE = /^( *)```\n([\s\S]*?)^\1```/gm;
const COMMAND = /^\s*(?:\w+=\S* )*(?:curl|npm|npx|node|docker|kubectl|make|psql|git|openssl) \S/m;
const OTHER_SHELLS = ['bash', 'shell', 'zsh'];
const SKIPPED = /(^|[\\/])(node_modules|dist|data|coverage|test|src)([\\/]|$)/;

/** Lists the pages of a project: all Markdown files, without those of packages and builds. @returns paths below root. */
export function pagesOf(root) {
  return ['.', 'docs', 'client', 'examples', 'bruno', 'deploy']
    .filter((directory) => existsSync(join(root, directory)))
    .flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: directory !== '.', withFileTypes: true }),
    )
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((page) => !SKIPPED.test(page) && page !== 'CHANGELOG.md')
    .sort();
}

/**
 * Returns the blocks of commands of a page, in order: language, `isError` (`sh error`), `isServer` (`sh server`), `reason`
 * (`console WORD`), `file`, text, line of the first command.
 */
export function blocksOf(markdown) {
  return [...markdown.matchAll(FENCE)]
    .filter(([, , language, info]) => language === 'sh' || language === 'console' || FILE.test(info))
    .map(({ 1: indent, 2: language, 3: info, 4: content, index }) => ({
      language,
      isError: info.trim() === 'error',
      isServer: info.trim() === 'server',
      reason: language === 'console' ? info.trim() : undefined,
      file: FILE.exec(info)?.[1],
      line: markdown.slice(0, index).split('\n').length + 1,
      text: content.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }));
}

/** Lists blocks of commands that are neither run nor have a reason. */
function blockFaults(markdown) {
  const others = [...markdown.matchAll(FENCE)]
    .filter(([, , language]) => OTHER_SHELLS.includes(language))
    .map(([, , language]) => `a block has the language ${language}: write sh, or console with a reason`);
  const nameless = [...markdown.replaceAll(FENCE, '').matchAll(NO_LANGUAGE)]
    .map(([, , text]) => COMMAND.exec(text)?.[0].trim())
    .filter((command) => command !== undefined)
    .map(
      (command) => `a block with a command (${command}…) has no language: write sh, or console with a reason`,
    );
  const unreasoned = blocksOf(markdown)
    .filter(({ language, reason }) => language === 'console' && !(reason in REASONS))
    .map(({ line }) => `line ${line}: a block console needs a reason: ${Object.keys(REASONS).join(', ')}`);
  return [...others, ...nameless, ...unreasoned];
}

/**
 * Lists faults of a page: blocks of commands that are neither run nor have a reason, and commands that can't work: scripts
 * of npm that package.json lacks, targets that the Makefile lacks, files that a command of Node, ESLint or Jest names and
 * the project lacks. Commands in running text are checked, too.
 */
export function faultsOf(markdown, root) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const targets = new Set(readFileSync(join(root, 'Makefile'), 'utf8').match(/^[a-z]+(?=:)/gm));
  const inline = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);
  const commands = [...inline, ...blocksOf(markdown).flatMap(({ text }) => text.split('\n'))].flatMap(
    (line) => line.replace(/ # .*| {2,}#.*/, '').split(/&&|\|\||;/),
  );
  return [
    ...blockFaults(markdown),
    ...commands.flatMap((command) => commandFaults(command, scripts, targets, root)),
  ];
}

function commandFaults(command, scripts, targets, root) {
  const words = command.trim().split(/\s+/);
  const [program, verb, name = ''] = words;
  if (program === 'npm' && verb === 'run' && /^\w[\w:-]*$/.test(name))
    return name in scripts ? [] : [`npm run ${name}: package.json has no such script`];
  if (program === 'make' && /^[a-z]+$/.test(verb ?? ''))
    return targets.has(verb) ? [] : [`make ${verb}: the Makefile has no such target`];
  if (program !== 'npx' || !['jest', 'eslint'].includes(verb)) return [];
  return words.slice(2).flatMap((word) => fileFaults(word, verb, root));
}

function fileFaults(word, verb, root) {
  if (!/^[\w./-]*\/[\w./-]*$/.test(word) || word.startsWith('-')) return [];
  const [first] = word.split('/');
  if (verb === 'eslint') return existsSync(join(root, word)) ? [] : [`npx eslint ${word}: no such file`];
  // A pattern of Jest may end in the middle of a name.
  const directory = join(root, word.slice(0, word.lastIndexOf('/')));
  const start = word.slice(word.lastIndexOf('/') + 1);
  const isThere =
    existsSync(join(root, word)) ||
    (existsSync(directory) && readdirSync(directory).some((each) => each.startsWith(start)));
  return isThere || !existsSync(join(root, first)) ? [] : [`npx jest ${word}: no file matches`];
}
