import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_SECONDS = 15;

/** A child process of the quickstart, which is stopped together with it. */
export class Program {
  private readonly child: ChildProcess;
  /** Resolves with the exit code when the process has ended. */
  readonly ended: Promise<number>;

  /** @param file the built program. Its standard output is shown unless `isQuiet`, its errors are in any case. */
  constructor(
    readonly name: string,
    file: string,
    environment: Readonly<Record<string, string>>,
    { isQuiet = false }: { isQuiet?: boolean } = {},
  ) {
    this.child = spawn(process.execPath, [file], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', isQuiet ? 'ignore' : 'inherit', 'inherit'],
    });
    this.ended = once(this.child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Sends SIGTERM and waits until the program has ended. Kills it after 15 seconds. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    const timeout = new AbortController();
    await Promise.race([
      this.ended,
      sleep(STOP_SECONDS * 1000, undefined, { signal: timeout.signal }).catch(() => 0),
    ]);
    timeout.abort();
    this.child.kill('SIGKILL');
  }
}

/** Returns true if a program listens on this port. */
export async function isPortTaken(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port);
    await once(probe, 'listening');
    return false;
  } catch {
    return true;
  } finally {
    probe.close();
  }
}

/**
 * Polls a URL until it answers with success.
 *
 * @returns false if it did not within `seconds`, or as soon as `isAlive` returns false.
 */
export async function waitUntilOk(url: string, seconds: number, isAlive: () => boolean): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline && isAlive()) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return true;
    await sleep(25);
  }
  return false;
}
