import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { binaries, reachableDataDirectory } from './binaries';
import { type ClusterContext, createCluster, type EmbeddedPostgresOptions, syncCluster } from './cluster';
import { DataDirectory } from './data-directory';
import { freePort } from './free-port';
import { serverUser } from './server-user';

const run = promisify(execFile);
const START_SECONDS = 60;

/** A running PostgreSQL server and how to connect to it. */
export interface RunningPostgres {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dataDirectory: string;
  /**
   * Resolves when a new cluster is on disk. Until then a power failure could leave it incomplete, so nothing may be
   * accepted that must last.
   */
  readonly synced: Promise<void>;
  /** Stops the server if this process started it, and waits until it has stopped. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL 16 from the npm package on the loopback interface. The data directory keeps its data between
 * starts. If a killed process left a server running, that server is stopped first.
 *
 * @throws DataDirectoryInUseError if another live process runs the server.
 * @throws Error with the last lines of PostgreSQL's log if it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const user = await serverUser();
  const programs = await binaries(user);
  const directory = new DataDirectory(reachableDataDirectory(options.dataDirectory, user));
  const port = options.port ?? (await freePort());
  directory.takeOwnership(port);
  const context = { options, user, programs, directory, port };
  let server: ChildProcess | undefined;
  let synced: Promise<void> = Promise.resolve();
  try {
    const isNew = await createCluster(context, options);
    await stopOrphan(context);
    server = launch(context);
    if (isNew && options.settings?.['fsync'] !== 'off') synced = syncCluster(context);
    options.meanwhile?.();
    await waitUntilReady(context, server);
    await createDatabase(connectionOf(context), options.database);
  } catch (error) {
    server?.kill('SIGQUIT');
    await synced.catch(() => undefined);
    directory.release();
    throw error;
  }
  return {
    ...connectionOf(context),
    dataDirectory: directory.path,
    synced,
    stop: stopper(context, server, synced),
  };
}

/**
 * Connects to the server that another live process has started on this data directory, or starts one. It is for
 * commands that run beside the service.
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
    synced: Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

interface Context extends ClusterContext {
  readonly options: EmbeddedPostgresOptions;
  readonly port: number;
}

type Connection = Pick<RunningPostgres, 'host' | 'port' | 'username' | 'password'>;

function connectionOf({ options, directory, port }: Context): Connection {
  return { host: '127.0.0.1', port, username: options.username, password: directory.password() };
}

/** Stops a PostgreSQL that a killed process left running, before the new one starts. */
async function stopOrphan({ user, programs, directory }: Context): Promise<void> {
  const pgCtl = (...parameters: string[]): Promise<unknown> =>
    run(programs.pgCtl, ['-D', directory.cluster, ...parameters], { ...user, cwd: directory.path });
  const isRunning = await pgCtl('status').then(
    () => true,
    () => false,
  );
  if (isRunning) await pgCtl('stop', '-m', 'fast', '-w', '-t', '30');
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
  // Detached: Ctrl-C goes to the whole process group, but PostgreSQL must run until the last request has finished.
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

function stopper(
  { directory, user, programs }: Context,
  server: ChildProcess,
  synced: Promise<void>,
): () => Promise<void> {
  // For a process that exits without stopping its server.
  const atExit = (): void => {
    server.kill('SIGINT');
    directory.release();
  };
  process.once('exit', atExit);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    const parameters = ['stop', '-D', directory.cluster, '-m', 'fast', '-w', '-t', '30'];
    const isRunning = server.exitCode === null && server.signalCode === null;
    if (isRunning) await run(programs.pgCtl, parameters, { ...user, cwd: directory.path });
    await synced;
    directory.release();
  };
  return () => (stopped ??= stop());
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n') : '';
}
