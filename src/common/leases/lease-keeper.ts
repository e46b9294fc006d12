import { BackgroundLoop } from '../background-loop';

/** How long a lease lasts, in seconds: several renewals, so that a slow one does not lose it. */
export const LEASE_SECONDS = 20;
const RENEWAL_MILLISECONDS = 5_000;

/** The exclusive, expiring right to work on a row: only who has its token may finish. Expiry is by the database's clock. */
export interface Lease {
  readonly id: number;
  readonly token: string;
}

/** Keeps the leases that this process holds: while it lives they are renewed; when it is killed they run out. */
export class LeaseKeeper {
  private readonly held = new Map<string, Lease>();
  private readonly loop: BackgroundLoop;

  /** @param renew sets the expiry of these leases to {@link LEASE_SECONDS} from now, where the token is still theirs. */
  constructor(name: string, renew: (held: readonly Lease[]) => Promise<void>) {
    this.loop = new BackgroundLoop(name, RENEWAL_MILLISECONDS, async () => {
      if (this.held.size > 0) await renew([...this.held.values()]);
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the renewals. Users call it once the last HTTP request has drained: in onApplicationShutdown. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Holds a lease for as long as the work takes. */
  async during<Value>(lease: Lease, work: () => Promise<Value>): Promise<Value> {
    this.held.set(lease.token, lease);
    try {
      return await work();
    } finally {
      this.held.delete(lease.token);
    }
  }
}
