/**
 * Builds the browser code in web/ into dist/web with Vite. If nothing in web/, client/src/, package-lock.json and this file has changed
 * since the last build, it does nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const output = join(root, 'dist', 'web');
const stamp = join(output, '.digest');

/** Returns a digest of everything that decides what is built. */
function digest() {
  const sources = ['web', 'client/src']
    .flatMap((name) => readdirSync(join(root, name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.includes('.spec.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...sources, join(root, 'package-lock.json'), join(root, 'tools', 'build-web.mjs')])
    hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

const wanted = digest();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const { build } = await import('vite');
  const configFile = join(root, 'web', 'vite.config.mts');
  await build({ configFile });
  await build({ configFile, mode: 'console' });
  writeFileSync(stamp, wanted);
}
