import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another live process runs the PostgreSQL of this data directory. */
export class DataDirectoryInUseError extends Error {}

/** Who runs the server of a data directory, and where it listens. */
export interface Owner {
  readonly pid: number;
  readonly port: number;
}

/** A data directory of an embedded PostgreSQL: the cluster, its password, and a note of the process that runs it. */
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
    // Only the way through is for all: the server's user must get to its cluster, and nobody else into it.
    chmodSync(path, 0o711);
  }

  /** The password of the database's user, made when the directory is new. */
  password(): string {
    if (!existsSync(this.passwordFile)) {
      writeFileSync(this.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    }
    return readFileSync(this.passwordFile, 'utf8').trim();
  }

  /** The live process that runs the server, if there is one. */
  owner(): Owner | undefined {
    try {
      const owner = JSON.parse(readFileSync(this.ownerFile, 'utf8')) as Owner;
      return owner.pid !== process.pid && isAlive(owner.pid) ? owner : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Notes that this process runs the server now.
   *
   * @throws DataDirectoryInUseError when another live process does.
   */
  claim(port: number): void {
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
        // Its process was killed and left the note behind.
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
