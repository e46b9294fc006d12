/**
 * Reads the commands of the documentation: fenced blocks whose language is `sh` are run, those whose language is `console`
 * are only checked.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const FENCE = /^( *)```(\w+) *([^\n]*)\n([\s\S]*?)^\1```/gm;
/** The rest of the first line of a block that is the content of a file: ```js file=data/shop.mjs */
const FILE = /^file=(data\/[\w.-]+)$/;
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

/** Returns the blocks of commands of a page, in order: language, `isError` (`sh error`), text, line of the first command. */
export function blocksOf(markdown) {
  return [...markdown.matchAll(FENCE)]
    .filter(([, , language, info]) => language === 'sh' || language === 'console' || FILE.test(info))
    .map(({ 1: indent, 2: language, 3: info, 4: content, index }) => ({
      language,
      isError: info.trim() === 'error',
      file: FILE.exec(info)?.[1],
      line: markdown.slice(0, index).split('\n').length + 1,
      text: content.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }));
}

/**
 * Lists commands of a page that can't work: scripts of npm that package.json lacks, targets that the Makefile lacks,
 * files that a command of Node, ESLint or Jest names and the project lacks. Commands in running text are checked, too.
 */
export function faultsOf(markdown, root) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const targets = new Set(readFileSync(join(root, 'Makefile'), 'utf8').match(/^[a-z]+(?=:)/gm));
  const inline = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);
  const commands = [...inline, ...blocksOf(markdown).flatMap(({ text }) => text.split('\n'))].flatMap(
    (line) => line.replace(/ # .*| {2,}#.*/, '').split(/&&|\|\||;/),
  );
  return commands.flatMap((command) => {
    const words = command.trim().split(/\s+/);
    const [program, verb, name = ''] = words;
    if (program === 'npm' && verb === 'run' && /^\w[\w:-]*$/.test(name))
      return name in scripts ? [] : [`npm run ${name}: package.json has no such script`];
    if (program === 'make' && /^[a-z]+$/.test(verb ?? ''))
      return targets.has(verb) ? [] : [`make ${verb}: the Makefile has no such target`];
    if (program !== 'npx' || !['jest', 'eslint'].includes(verb)) return [];
    return words.slice(2).flatMap((word) => fileFaults(word, verb, root));
  });
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
