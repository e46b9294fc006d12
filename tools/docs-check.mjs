/**
 * Checks the documentation: each relative link and anchor resolves, each English page has its Portuguese one with the
 * same headings, and none is Portuguese only. `docs/english-only.json` lists the exceptions: a page or a folder of docs/
 * that ends with "/", and the reason. Reads this repository, or the directory of the first argument.
 *
 * Prints what is wrong and ends with 1, or a summary and ends with 0.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

const root = process.argv[2] ?? join(import.meta.dirname, '..');
const LIST = 'docs/english-only.json';
const NOT_YET = 'not translated yet';
/** The pages outside of docs/ whose links are checked, too. */
const OTHERS = ['CONTRIBUTING.md', 'SECURITY.md', 'client/README.md', 'examples/shop/README.md'];

const faults = [];

/** Returns the Markdown files of a folder, as paths from the root with "/". */
function pagesOf(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .sort();
}

/** Returns a page's text without its code blocks and comments; they have neither headings nor links. */
function prose(file) {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/<!--[\s\S]*?-->/g, '');
  return text.replaceAll(/^([ \t]*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^[ \t]*\2[ \t]*$/gm, '');
}

/** Returns a page's headings: their levels, and the anchors that GitHub gives them. */
function headingsOf(file) {
  const seen = new Map();
  return [...prose(file).matchAll(/^(#{1,6}) +(.+?) *#*$/gm)].map(([, marks, title]) => {
    const plain = title.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return { level: marks.length, title, anchor: count === 0 ? slug : `${slug}-${count}` };
  });
}

/** Returns the relative targets of a page's links and pictures. */
function linksOf(file) {
  const text = prose(file).replaceAll(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...text.matchAll(/^ *\[[^\]]+\]: +<?([^\s>]+)>?/gm)];
  const html = [...text.matchAll(/<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)="([^"]+)"/g)];
  return [...inline, ...references, ...html]
    .map(([, target]) => target)
    .filter((target) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target));
}

/** Adds a fault if a link of a page does not resolve. */
function checkLink(file, link) {
  const [path, anchor] = decodeURIComponent(link).split('#');
  const target =
    path === ''
      ? file
      : normalize(join(dirname(file), path))
          .split(sep)
          .join('/');
  if (target.startsWith('..') || !existsSync(join(root, target))) {
    faults.push(`${file}: the link ${link} leads to no file`);
    return;
  }
  if (anchor === undefined || !target.endsWith('.md') || statSync(join(root, target)).isDirectory()) return;
  if (!headingsOf(target).some((heading) => heading.anchor === anchor))
    faults.push(`${file}: the link ${link} leads to no heading of ${target}`);
}

/** Adds a fault for the first heading whose level differs in the two languages. */
function compareHeadings(english, portuguese) {
  const [own, other] = [headingsOf(english), headingsOf(portuguese)];
  const count = Math.max(own.length, other.length);
  const at = Array.from({ length: count }, (_, index) => index).find(
    (index) => own[index]?.level !== other[index]?.level,
  );
  if (at === undefined) return;
  const name = (heading) =>
    heading === undefined ? 'nothing' : `"${'#'.repeat(heading.level)} ${heading.title}"`;
  faults.push(
    `${portuguese}: heading ${at + 1} is ${name(other[at])}, that of ${english} is ${name(own[at])}`,
  );
}

/** Compares the pages of the two languages. @returns the pages that wait for their translation. */
function checkPairs(pages) {
  const exceptions = Object.entries(
    existsSync(join(root, LIST)) ? JSON.parse(readFileSync(join(root, LIST), 'utf8')) : {},
  );
  const covers = (path, page) =>
    path.endsWith('/') ? page.startsWith(`docs/${path}`) : page === `docs/${path}`;
  const english = pages.filter((page) => !page.startsWith('docs/pt-BR/'));
  const partner = (page) =>
    page.startsWith('docs/') ? page.replace('docs/', 'docs/pt-BR/') : page.replace('.md', '.pt-BR.md');
  for (const page of english) {
    const isListed = exceptions.some(([path]) => covers(path, page));
    const isTranslated = existsSync(join(root, partner(page)));
    if (isTranslated && isListed) faults.push(`${LIST}: ${page} is listed, but has a Portuguese page`);
    else if (isTranslated) compareHeadings(page, partner(page));
    else if (!isListed) faults.push(`${page}: ${partner(page)} is missing`);
  }
  for (const page of pages.filter((name) => !english.includes(name)))
    if (!existsSync(join(root, page.replace('docs/pt-BR/', 'docs/'))))
      faults.push(`${page}: there is no English page`);
  for (const [path, reason] of exceptions) {
    if (!english.some((page) => covers(path, page))) faults.push(`${LIST}: ${path} is no page`);
    if (typeof reason !== 'string' || reason === '') faults.push(`${LIST}: ${path} has no reason`);
  }
  return exceptions.filter(([, reason]) => reason === NOT_YET).map(([path]) => path);
}

const pairs = ['README.md', ...pagesOf('docs')].filter((page) => existsSync(join(root, page)));
const pages = [...pairs, 'README.pt-BR.md', ...OTHERS].filter((page) => existsSync(join(root, page)));
let linkCount = 0;
for (const page of pages)
  for (const link of linksOf(page)) {
    linkCount += 1;
    checkLink(page, link);
  }
const waiting = checkPairs(pairs);
if (faults.length > 0) {
  console.error(
    `The documentation has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
  );
  process.exitCode = 1;
} else {
  console.log(
    `Checked ${pages.length} pages in ${relative(process.cwd(), root) || '.'} and ${linkCount} links`,
  );
  if (waiting.length > 0) console.log(`Not translated yet: ${waiting.join(', ')}`);
}
