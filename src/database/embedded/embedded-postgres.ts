import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  openSync,
  closeSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { binaries, reachableDataDirectory, type Binaries } from './binaries';
import { DataDirectory } from './data-directory';
import { freePort } from './free-port';
import { serverUser, type ServerUser } from './server-user';

const run = promisify(execFile);
const START_SECONDS = 60;

/** What to start. `port` undefined means any free one; `settings` are PostgreSQL's own. */
export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  readonly port?: number | undefined;
  readonly username: string;
  readonly database: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL that runs and can be connected to. */
export interface RunningPostgres {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dataDirectory: string;
  /** Stops the server if this process started it, and waits until it has stopped. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL 16 from the npm package on the loopback interface. Its data stay in the data directory between
 * starts; a server that a killed process left behind is stopped first; PostgreSQL itself recovers what was committed.
 *
 * @throws DataDirectoryInUseError when another live process runs it.
 * @throws Error with PostgreSQL's own last words when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const user = await serverUser();
  const programs = await binaries(user);
  const directory = new DataDirectory(reachableDataDirectory(options.dataDirectory, user));
  const port = options.port ?? (await freePort());
  directory.claim(port);
  const context = { options, user, programs, directory, port };
  let server: ChildProcess | undefined;
  try {
    await initialise(context);
    await stopOrphan(context);
    server = launch(context);
    await waitUntilReady(context, server);
    await createDatabase(connectionOf(context), options.database);
  } catch (error) {
    server?.kill('SIGQUIT');
    directory.release();
    throw error;
  }
  return { ...connectionOf(context), dataDirectory: directory.path, stop: stopper(context, server) };
}

/**
 * The connection to a server that another live process has started on this data directory, for the command line
 * beside a running service; starts one when there is none.
 */
export async function attachEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const directory = new DataDirectory(reachableDataDirectory(options.dataDirectory, await serverUser()));
  const owner = directory.owner();
  if (owner === undefined) return startEmbeddedPostgres(options);
  return {
    host: '127.0.0.1',
    port: owner.port,
    username: options.username,
    password: directory.password(),
    dataDirectory: directory.path,
    stop: () => Promise.resolve(),
  };
}

interface Context {
  readonly options: EmbeddedPostgresOptions;
  readonly user: ServerUser;
  readonly programs: Binaries;
  readonly directory: DataDirectory;
  readonly port: number;
}

type Connection = Pick<RunningPostgres, 'host' | 'port' | 'username' | 'password'>;

function connectionOf({ options, directory, port }: Context): Connection {
  return { host: '127.0.0.1', port, username: options.username, password: directory.password() };
}

async function initialise({ options, user, programs, directory }: Context): Promise<void> {
  if (existsSync(directory.cluster)) return;
  // Made under another name and renamed when whole: an initdb that was interrupted starts again from nothing.
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
    `--username=${options.username}`,
  ];
  try {
    await run(programs.initdb, [`--pgdata=${fresh}`, `--pwfile=${passwordFile}`, ...flags], {
      ...user,
      cwd: fresh,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, directory.cluster);
}

/** A process that was killed leaves its PostgreSQL running; it is stopped in order before the new one starts. */
async function stopOrphan({ user, programs, directory }: Context): Promise<void> {
  const pgCtl = (...words: string[]): Promise<unknown> =>
    run(programs.pgCtl, ['-D', directory.cluster, ...words], { ...user, cwd: directory.path });
  const runs = await pgCtl('status').then(
    () => true,
    () => false,
  );
  if (runs) await pgCtl('stop', '-m', 'fast', '-w', '-t', '30');
}

function launch({ options, user, programs, directory, port }: Context): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(directory.log, 'a', 0o600);
  // Detached: Ctrl-C at a terminal reaches the whole process group, and PostgreSQL must outlive the requests that use it.
  const server = spawn(programs.postgres, ['-D', directory.cluster, '-p', String(port), ...flags], {
    ...user,
    cwd: directory.path,
    detached: true,
    stdio: ['ignore', 'ignore', log],
  });
  closeSync(log);
  server.unref();
  return server;
}

async function waitUntilReady(context: Context, server: ChildProcess): Promise<void> {
  let failure: Error | undefined;
  server.once('error', (error) => (failure = error));
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    if (
      failure !== undefined ||
      server.exitCode !== null ||
      server.signalCode !== null ||
      Date.now() > deadline
    ) {
      throw new Error(
        `PostgreSQL did not start (${context.directory.log}):\n${lastLines(context.directory.log)}`,
        {
          cause: failure,
        },
      );
    }
    if (await accepts(connectionOf(context))) return;
    await sleep(50);
  }
}

async function accepts(connection: Connection): Promise<boolean> {
  const client = clientFor(connection);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(connection: Connection, database: string): Promise<void> {
  const client = clientFor(connection);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

function clientFor({ host, port, username, password }: Connection): Client {
  return new Client({
    host,
    port,
    user: username,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  });
}

function stopper({ directory, user, programs }: Context, server: ChildProcess): () => Promise<void> {
  // The last resort of a process that ends without stopping its server in order.
  const atExit = (): void => {
    server.kill('SIGINT');
    directory.release();
  };
  process.once('exit', atExit);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    const words = ['stop', '-D', directory.cluster, '-m', 'fast', '-w', '-t', '30'];
    const runs = server.exitCode === null && server.signalCode === null;
    if (runs) await run(programs.pgCtl, words, { ...user, cwd: directory.path });
    directory.release();
  };
  return () => (stopped ??= stop());
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '';
}
