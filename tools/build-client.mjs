/**
 * Builds the package of the client into client/dist: modules and CommonJS, each with types. If no source has changed since
 * the last build, it does nothing. Several processes may run it at once.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const client = join(root, 'client');
const sources = join(client, 'src');
const output = join(client, 'dist');
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  declaration: true,
  noEmitOnError: true,
  rootDir: sources,
};

/** Returns a digest of everything that decides what is built. */
function digest() {
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.spec.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...files, join(root, 'package-lock.json'), join(root, 'tools', 'build-client.mjs')])
    hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

/** Checks and compiles the sources once. @returns the text of each file of the package, by its path. */
function compile() {
  const program = ts.createProgram([join(sources, 'index.ts')], options);
  const faults = ts.getPreEmitDiagnostics(program);
  if (faults.length > 0) {
    const host = {
      getCurrentDirectory: () => root,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    };
    throw new Error(ts.formatDiagnostics(faults, host));
  }
  const files = new Map();
  program.emit(undefined, (file, text) => {
    const name = relative(sources, file);
    // Modules of Node name the files that they import; the sources do not, because they are compiled to CommonJS, too.
    files.set(join('esm', name), text.replace(/( from '\.[^']+)';/g, "$1.js';"));
    if (name.endsWith('.d.ts')) files.set(join('cjs', name), text);
    else files.set(join('cjs', name), toCommonJs(text));
  });
  // Not in client/package.json: the sources are compiled to CommonJS with the programs of the repository.
  for (const [format, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ])
    files.set(join(format, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
  return files;
}

function toCommonJs(code) {
  const compilerOptions = { target: options.target, module: ts.ModuleKind.CommonJS };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

const wanted = digest();
const stamp = join(output, '.digest');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const fresh = mkdtempSync(join(client, '.dist-'));
  try {
    for (const [name, text] of [...compile(), ['.digest', wanted]]) {
      mkdirSync(join(fresh, name, '..'), { recursive: true });
      writeFileSync(join(fresh, name), text);
    }
    rmSync(output, { recursive: true, force: true });
    renameSync(fresh, output);
  } catch (error) {
    // Another process may have put the same package there in between.
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
