import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Binaries } from './binaries';
import type { DataDirectory } from './data-directory';
import type { ServerUser } from './server-user';

const run = promisify(execFile);

/** The programs that make a cluster, their user, and the directory of the cluster. */
export interface ClusterContext {
  readonly user: ServerUser;
  readonly programs: Binaries;
  readonly directory: DataDirectory;
}

/** The options of an embedded server. Without a `port`, a free one is used; `settings` are PostgreSQL's own. */
export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  readonly port?: number | undefined;
  readonly username: string;
  readonly database: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Called while a program of PostgreSQL runs that the start waits for: once, or twice at the first start. */
  readonly meanwhile?: () => void;
}

/**
 * Creates the cluster if there is none. Its files are on disk only after {@link syncCluster}.
 *
 * @param options the superuser's name, and what is called while initdb runs.
 * @returns false if there was one.
 */
export async function createCluster(
  { user, programs, directory }: ClusterContext,
  options: Pick<EmbeddedPostgresOptions, 'username' | 'meanwhile'>,
): Promise<boolean> {
  if (existsSync(directory.cluster)) return false;
  // Created under a temporary name and renamed at the end, so that an interrupted initdb starts from scratch.
  const fresh = `${directory.cluster}.new`;
  const passwordFile = `${directory.path}/initdb-password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, directory.password(), { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    chownSync(fresh, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  const flags = [
    '--encoding=UTF8',
    `--locale=${locale}`,
    '--auth=scram-sha-256',
    // Done by syncCluster, while the server starts.
    '--no-sync',
    `--username=${options.username}`,
  ];
  try {
    const initialised = run(programs.initdb, [`--pgdata=${fresh}`, `--pwfile=${passwordFile}`, ...flags], {
      ...user,
      cwd: fresh,
    });
    options.meanwhile?.();
    await initialised;
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, directory.cluster);
  return true;
}

/** Writes the files of a new cluster to disk, which takes as long as all else that initdb does. */
export function syncCluster({ user, programs, directory }: ClusterContext): Promise<void> {
  const synced = run(programs.initdb, ['--sync-only', `--pgdata=${directory.cluster}`], {
    ...user,
    cwd: directory.path,
  }).then(() => undefined);
  // An error may come before it is awaited.
  synced.catch(() => undefined);
  return synced;
}
