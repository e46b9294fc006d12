import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Thrown when another live process runs the PostgreSQL of this data directory. */
export class DataDirectoryInUseError extends Error {}

/** The process that runs the server of a data directory, and the server's port. */
export interface Owner {
  readonly pid: number;
  readonly port: number;
}

/** The data directory of an embedded PostgreSQL: the cluster, its password, and a file that names its process. */
export class DataDirectory {
  readonly cluster: string;
  readonly log: string;
  private readonly ownerFile: string;
  private readonly passwordFile: string;

  constructor(readonly path: string) {
    this.cluster = join(path, 'cluster');
    this.log = join(path, 'postgresql.log');
    this.ownerFile = join(path, 'owner.json');
    this.passwordFile = join(path, 'password');
    mkdirSync(path, { recursive: true });
    // Mode 711: other users cannot list or read it, but the server's user can reach its cluster below.
    chmodSync(path, 0o711);
  }

  /** Returns the password of the database's user; it creates one for a new directory. */
  password(): string {
    if (!existsSync(this.passwordFile)) {
      writeFileSync(this.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    }
    return readFileSync(this.passwordFile, 'utf8').trim();
  }

  /** Returns the live process that runs the server, if there is one. */
  owner(): Owner | undefined {
    try {
      const owner = JSON.parse(readFileSync(this.ownerFile, 'utf8')) as Owner;
      return owner.pid !== process.pid && isAlive(owner.pid) ? owner : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Records that this process runs the server.
   *
   * @throws DataDirectoryInUseError if another live process runs it.
   */
  takeOwnership(port: number): void {
    for (;;) {
      try {
        writeFileSync(this.ownerFile, JSON.stringify({ pid: process.pid, port }), {
          flag: 'wx',
          mode: 0o600,
        });
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const owner = this.owner();
        if (owner !== undefined) {
          throw new DataDirectoryInUseError(
            `The database in ${this.path} is in use by process ${owner.pid}. Stop that process, or set DB_DATA_DIR to another directory.`,
          );
        }
        // The owner was killed and left its file behind.
        rmSync(this.ownerFile, { force: true });
      }
    }
  }

  release(): void {
    rmSync(this.ownerFile, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
