import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { killWithThisProcess } from './programs';

const TIMEOUT_MILLISECONDS = 60_000;

/** A message to the process of the clients. */
export type ClientsCommand =
  | { readonly kind: 'open'; readonly origin: string; readonly paths: readonly string[] }
  | { readonly kind: 'expect'; readonly events: number };

/** Its answer. Times are those of `monotonicMilliseconds`, one for each event. */
export type ClientsReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'received'; readonly times: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string };

/** Returns the time of a clock that all processes of this machine share, and that is never set back. */
export function monotonicMilliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Clients of server-sent events in a process of their own, each on its own connection. */
export class StreamClients {
  private constructor(private readonly child: ChildProcess) {}

  /** Connects one client a path, and waits until each has received its first event. */
  static async open(origin: string, paths: readonly string[]): Promise<StreamClients> {
    const child = fork(join(__dirname, 'stream-clients-process.js'), [], { serialization: 'advanced' });
    killWithThisProcess(child);
    const clients = new StreamClients(child);
    await clients.tell({ kind: 'open', origin, paths });
    return clients;
  }

  /**
   * Makes a change and waits until the clients have received this many events.
   *
   * @returns the milliseconds from the beginning of the change to each event, sorted.
   */
  async receive(events: number, change: () => Promise<unknown>): Promise<number[]> {
    await this.tell({ kind: 'expect', events });
    const received = this.next();
    const startedAt = monotonicMilliseconds();
    const [report] = await Promise.all([received, change()]);
    if (report.kind !== 'received') throw new Error('The clients answered without having received events');
    return report.times.map((time) => time - startedAt).sort((a, b) => a - b);
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private async tell(command: ClientsCommand): Promise<void> {
    const answer = this.next();
    this.child.send(command);
    await answer;
  }

  private async next(): Promise<ClientsReport> {
    const [report] = (await once(this.child, 'message', {
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    })) as [ClientsReport];
    if (report.kind === 'failed') throw new Error(report.message);
    return report;
  }
}
