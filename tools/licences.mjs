#!/usr/bin/env node
// Lists the licences of the production dependencies, and fails if one is not allowed below.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that require at most attribution. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

/** Packages whose package.json names no licence, with the licence that their licence file states. */
const READ = new Map([['png-js', 'MIT']]);

const root = join(import.meta.dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const packages = Object.entries(lock.packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path, entry]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: entry.version,
    licence: licenceOf(path, entry),
  }))
  // Binaries for other platforms are not installed here. They have the licence of the installed one.
  .filter(({ licence }) => licence !== undefined);

const byLicence = new Map();
for (const each of packages) byLicence.set(each.licence, [...(byLicence.get(each.licence) ?? []), each]);
for (const [licence, group] of [...byLicence].sort(([a], [b]) => a.localeCompare(b))) {
  const names = [...new Set(group.map(({ name, version }) => `${name}@${version}`))].sort();
  console.log(`${licence} (${names.length})\n  ${names.join('\n  ')}`);
}

const others = packages.filter(({ licence }) => !isAllowed(licence));
for (const { name, version, licence } of others) {
  console.error(`${name}@${version} is under ${licence}, which is not on the list of tools/licences.mjs`);
}
if (packages.length === 0) console.error('There are no packages: run npm ci first');
process.exitCode = others.length > 0 || packages.length === 0 ? 1 : 0;

/** Returns the licence of the lock file, else of package.json; undefined for an optional package not installed. */
function licenceOf(path, { license, optional }) {
  if (typeof license === 'string') return license;
  try {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    return typeof manifest.license === 'string'
      ? manifest.license
      : (READ.get(manifest.name) ?? 'no licence');
  } catch {
    return optional === true ? undefined : 'unknown';
  }
}

/** Returns true if an expression is allowed: `A OR B` needs one of the two, `A AND B` needs both. */
function isAllowed(expression) {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => ALLOWED.has(licence)));
}
