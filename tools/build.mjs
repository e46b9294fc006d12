/**
 * Compiles the TypeScript of all programs to dist/, in the layout and with the decorator metadata of tsc, and deletes
 * files of dist/ that no source has any more, except those of dist/web, which build-web.mjs builds. Types are not checked: `npm run typecheck` does that.
 *
 * Writes nothing if a file can't be compiled.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUT = join(ROOT, 'dist');
/** Not all of them are in the image of the service. */
const SOURCES = ['src', 'migrations', 'simulator', 'quickstart', 'bench', 'client/src'];

const isProgram = (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.endsWith('.d.ts');

async function filesBelow(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Returns the compiled file and its source map, by the paths to write them to. */
async function compile(file) {
  const target = join(OUT, relative(ROOT, file)).replace(/\.ts$/, '.js');
  const { code, map } = await transformFile(file, {
    cwd: ROOT,
    sourceMaps: true,
    inlineSourcesContent: false,
    sourceFileName: relative(dirname(target), file).replaceAll('\\', '/'),
  });
  return [
    [target, code],
    [`${target}.map`, map],
  ];
}

async function build() {
  const directories = SOURCES.map((name) => join(ROOT, name)).filter(existsSync);
  const files = (await Promise.all(directories.map(filesBelow))).flat().filter(isProgram);
  const results = await Promise.allSettled(files.map(compile));
  const failures = results.filter(({ status }) => status === 'rejected');
  // The rest is swc's own stack.
  for (const { reason } of failures)
    console.error(String(reason.message ?? reason).split('\n\n\nCaused by')[0]);
  if (failures.length > 0) throw new Error(`${failures.length} of ${files.length} files can't be compiled`);

  const outputs = new Map(results.flatMap(({ value }) => value));
  for (const directory of new Set([...outputs.keys()].map((path) => dirname(path))))
    await mkdir(directory, { recursive: true });
  await Promise.all([...outputs].map(([path, text]) => writeFile(path, text)));
  const web = join(OUT, 'web');
  const stale = (await filesBelow(OUT)).filter((path) => !outputs.has(path) && dirname(path) !== web);
  await Promise.all(stale.map((path) => rm(path)));
  return files.length;
}

const startedAt = Date.now();
try {
  const count = await build();
  console.log(`Built ${count} files in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
} catch (error) {
  console.error(`The build failed: ${error.message}`);
  process.exitCode = 1;
}
