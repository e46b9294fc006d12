import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that PostgreSQL runs as: undefined ids mean "as this process". */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * PostgreSQL refuses to run as root, so a process of root's runs it as the user `postgres`, made here where the
 * system has none.
 *
 * @throws Error saying what to do when root can't make that user.
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
        'PostgreSQL does not run as root, and the user "postgres" could not be made for it. ' +
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
 * Whether a user other than the owner may walk to this path: every directory above it that exists grants `x` to
 * all. (A clone below `/root`, or in what `mktemp -d` makes, is closed to the user `postgres`.)
 */
export function reachableByOthers(path: string): boolean {
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    const mode = statSync(directory, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}
