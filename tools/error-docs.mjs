/**
 * Writes the table of error codes in docs/errors.md from src/common/errors/error-codes.ts. Run `npm run build` first.
 *
 * The text before and after the table is written by hand.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..');
const file = join(root, 'docs', 'errors.md');
const { ERROR_CODES } = createRequire(import.meta.url)(join(root, 'dist/src/common/errors/error-codes.js'));

const rows = ERROR_CODES.map(([code, ...cells]) => `| ${[`\`${code}\``, ...cells].join(' | ')} |`);
const table = ['| code | status | meaning | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
const written = (await readFile(file, 'utf8')).replace(/(?:^\|.*\|\n)+/m, () => `${table}\n`);
const formatted = await format(written, { ...(await resolveConfig(file)), filepath: file });
// With --check, nothing is written: a table that is out of date is an error.
if (!process.argv.includes('--check')) await writeFile(file, formatted);
else if (formatted !== (await readFile(file, 'utf8'))) {
  console.error('docs/errors.md is out of date: npm run docs:errors');
  process.exitCode = 1;
}
