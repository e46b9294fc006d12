import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user that PostgreSQL runs as; without ids, the user of this process. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Returns the user for PostgreSQL. PostgreSQL refuses to run as root, so a root process runs it as the user `postgres`,
 * which is created if it does not exist.
 *
 * @throws Error with instructions if that user cannot be created.
 */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  try {
    return await idsOfPostgres();
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
      return await idsOfPostgres();
    } catch (cause) {
      throw new Error(
        'PostgreSQL does not run as root, and the user "postgres" could not be created for it. ' +
          'Start this program as an ordinary user, or set DB_CONNECTION=postgres and use a server of your own.',
        { cause },
      );
    }
  }
}

async function idsOfPostgres(): Promise<Required<ServerUser>> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Returns true if other users can reach this path: every existing directory on it grants `x` to all. For example, the
 * user `postgres` cannot reach a clone below `/root` or in a directory from `mktemp -d`.
 */
export function reachableByOthers(path: string): boolean {
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    const mode = statSync(directory, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
