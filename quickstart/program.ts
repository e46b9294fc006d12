import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_SECONDS = 15;

/** A program of the quickstart: a process of its own that is stopped with it. */
export class Program {
  private readonly child: ChildProcess;
  readonly ended: Promise<number>;

  /** @param file the built program, relative to the project. */
  constructor(
    readonly name: string,
    file: string,
    environment: Readonly<Record<string, string>>,
  ) {
    this.child = spawn(process.execPath, [file], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.ended = once(this.child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Asks the program to stop and waits until it has; one that doesn't is killed. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    const patience = new AbortController();
    await Promise.race([
      this.ended,
      sleep(STOP_SECONDS * 1000, undefined, { signal: patience.signal }).catch(() => 0),
    ]);
    patience.abort();
    this.child.kill('SIGKILL');
  }
}

/** Whether a program listens on a port of this machine. */
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
 * Waits until an address answers with success.
 *
 * @returns false when it does not within the time, or when `isAlive` says that there is no more sense in waiting.
 */
export async function answers(url: string, seconds: number, isAlive: () => boolean): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline && isAlive()) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return true;
    await sleep(100);
  }
  return false;
}
