/**
 * Writes the tables of error codes in docs/errors.md and docs/pt-BR/errors.md from src/common/errors/error-codes.ts and
 * error-texts.pt-BR.json. A code without a Portuguese text gets its English one. Run `npm run build` first.
 *
 * The text before and after the tables is written by hand.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..');
const { ERROR_CODES } = createRequire(import.meta.url)(join(root, 'dist/src/common/errors/error-codes.js'));
const portuguese = JSON.parse(await readFile(join(import.meta.dirname, 'error-texts.pt-BR.json'), 'utf8'));

/** Writes the table of one page. With --check, nothing is written: a table that is out of date is an error. */
async function writeTable(page, header, codes) {
  const file = join(root, page);
  const rows = codes.map(([code, ...cells]) => [`\`${code}\``, ...cells]);
  const table = [header, ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const written = (await readFile(file, 'utf8')).replace(/(?:^\|.*\|\n)+/m, () => `${table}\n`);
  const formatted = await format(written, { ...(await resolveConfig(file)), filepath: file });
  if (!process.argv.includes('--check')) await writeFile(file, formatted);
  else if (formatted !== (await readFile(file, 'utf8'))) {
    console.error(`${page} is out of date: npm run docs:errors`);
    process.exitCode = 1;
  }
}

await writeTable('docs/errors.md', ['code', 'status', 'meaning', 'what to do'], ERROR_CODES);
await writeTable(
  'docs/pt-BR/errors.md',
  ['código', 'status', 'significado', 'o que fazer'],
  ERROR_CODES.map(([code, statuses, ...texts]) => [code, statuses, ...(portuguese[code] ?? texts)]),
);

const codes = new Set(ERROR_CODES.map(([code]) => code));
const unknown = Object.keys(portuguese).filter((code) => !codes.has(code));
const untranslated = [...codes].filter((code) => !(code in portuguese));
if (untranslated.length > 0) console.log(`Without a Portuguese text: ${untranslated.join(', ')}`);
if (unknown.length > 0) {
  console.error(`error-texts.pt-BR.json has texts of codes that do not exist: ${unknown.join(', ')}`);
  process.exitCode = 1;
}
