import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './http';

/** A process that runs this worker's services, or its simulators. */
interface Host {
  readonly id: number;
  readonly port: number;
}

/** The folder in which the hosts of a run write their ids and ports, and the id of the run's own process. */
export interface TestHosts {
  readonly directory: string;
  readonly runId: number;
}

const START_SECONDS = 60;

type Program = 'service' | 'simulator';

const hosts: Partial<Record<Program, Promise<Host>>> = {};

/** A service or a simulator in the host. */
export interface HostedProgram {
  /** The address that a simulator listens on. */
  readonly origin?: string;
  stop(): Promise<void>;
}

/** Starts a program with variables in this worker's host, which the first test file that needs it starts. */
export async function startInHost(
  program: Program,
  environment: Readonly<Record<string, string>>,
): Promise<HostedProgram> {
  const { port } = await (hosts[program] ??= findHost(program));
  const { id, ...facts } = (await command(port, 'start', environment)) as { id: number; origin?: string };
  return {
    ...facts,
    stop: async () => {
      await command(port, 'stop', id);
    },
  };
}

/** Finds the host that an earlier test file of this worker has started, or starts one. */
async function findHost(program: Program): Promise<Host> {
  const { directory, runId } = testHosts();
  const file = join(directory, `${program}-${process.env['JEST_WORKER_ID'] ?? '1'}.json`);
  const found = read(file);
  if (found !== undefined && isAlive(found.id)) {
    await command(found.port, 'stopAll');
    return found;
  }
  const child = spawn(process.execPath, [join(__dirname, 'program-host.cjs'), program, file, String(runId)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.unref();
  const deadline = Date.now() + START_SECONDS * 1000;
  while (child.exitCode === null && Date.now() < deadline) {
    const started = read(file);
    if (started?.id === child.pid) return started!;
    await sleep(25);
  }
  throw new Error('The process that runs the programs of the tests did not start');
}

/** Returns the directory of the run's hosts, and the ids of those that are alive. */
export function hostsOfRun(): { readonly directory: string; readonly ids: readonly number[] } {
  const { directory } = testHosts();
  const hosts = readdirSync(directory).map((name) => read(join(directory, name)));
  return {
    directory,
    ids: hosts.flatMap((each) => (each !== undefined && isAlive(each.id) ? [each.id] : [])),
  };
}

function testHosts(): TestHosts {
  return JSON.parse(process.env['TEST_HOSTS'] ?? '') as TestHosts;
}

function read(file: string): Host | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Host;
  } catch {
    return undefined;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

async function command(port: number, name: string, argument?: unknown): Promise<unknown> {
  const body = { command: name, argument };
  const answer = await send('POST', `http://127.0.0.1:${port}`, { body });
  if (answer.status === 200) return answer.body['result'];
  throw new Error(String(answer.body['message']));
}
