import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PROJECT = join(__dirname, '..', '..');
const run = promisify(execFile);

/** The folders and files that the build of the service needs. */
const SOURCES = ['src', 'migrations', 'tools', 'package.json', 'tsconfig.json', '.swcrc'];

/** The code of the previous release, built in a folder of its own. */
export interface PreviousRelease {
  readonly directory: string;
  remove(): void;
}

const [commit = '', ...unused] = readFileSync(join(__dirname, '..', 'fixtures', 'previous-release'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** The commit of the previous release. */
export const PREVIOUS_COMMIT = commit;

/** The tables and columns that the previous release has and does not use: `table` or `table.column`. */
export const UNUSED: readonly string[] = unused.map((line) => line.replace(/^unused /, ''));

/** Returns true if this clone has the commit; a shallow clone has only the newest ones. */
export function hasPreviousCommit(): boolean {
  return spawnSync('git', ['cat-file', '-e', `${PREVIOUS_COMMIT}^{commit}`], { cwd: PROJECT }).status === 0;
}

/** Builds the code of the previous release, with the installed dependencies of this one. */
export async function buildPreviousRelease(): Promise<PreviousRelease> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-previous-'));
  const archive = join(directory, 'source.tar');
  await run('git', ['archive', '--output', archive, PREVIOUS_COMMIT, '--', ...SOURCES], { cwd: PROJECT });
  await run('tar', ['-xf', archive, '-C', directory]);
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'), 'junction');
  await run(process.execPath, ['tools/build.mjs'], { cwd: directory });
  return {
    directory,
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
