import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const BUILT = join(__dirname, '..', '..');

/** A program that was started, and the address that it listens on. */
export interface Server {
  readonly child: ChildProcess;
  readonly origin: string;
}

/** Starts a built program as a child process. It is killed when this process exits. */
export function startProgram(path: string, variables: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [join(BUILT, path)], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  killWithThisProcess(child);
  return child;
}

/** Kills a child process when this process exits, unless it has exited before. */
export function killWithThisProcess(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
}

/**
 * Starts a program that prints `listening on <origin>`, as the simulator and the floors do.
 *
 * @param path the built program, without the directory of the build.
 * @returns its process and the origin that it listens on.
 */
export async function startServer(
  path: string,
  variables: Readonly<Record<string, string>>,
): Promise<Server> {
  const child = startProgram(path, variables);
  if (child.stdout !== null)
    for await (const line of createInterface(child.stdout)) {
      const origin = /listening on (\S+)/.exec(line)?.[1];
      if (origin !== undefined) return { child, origin };
    }
  throw new Error(`${path} did not start`);
}

/** Starts the simulator. */
export function startSimulator(variables: Readonly<Record<string, string>>): Promise<Server> {
  return startServer('simulator/main.js', { SIMULATOR_PORT: '0', ...variables });
}

/** Sends SIGTERM to a program and waits until it has exited. */
export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
