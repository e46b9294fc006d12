import { BackgroundLoop } from './background-loop';

/** How long a lease lasts, in seconds: several beats, so that a slow one doesn't lose it. */
export const LEASE_SECONDS = 20;
const BEAT_MILLISECONDS = 5_000;

/**
 * Keeps the leases of what this process works on: while it lives they are renewed, and when it is killed they run out
 * and others take over.
 */
export class Heartbeat {
  private readonly held = new Set<number>();
  private readonly loop: BackgroundLoop;

  /** @param renew sets the leases of these rows to {@link LEASE_SECONDS} from now. */
  constructor(name: string, renew: (ids: readonly number[]) => Promise<void>) {
    this.loop = new BackgroundLoop(name, BEAT_MILLISECONDS, async () => {
      if (this.held.size > 0) await renew([...this.held]);
    });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Holds a row's lease for as long as the work takes. */
  async during<Value>(id: number, work: () => Promise<Value>): Promise<Value> {
    this.held.add(id);
    try {
      return await work();
    } finally {
      this.held.delete(id);
    }
  }
}
