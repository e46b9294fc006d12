import { BackgroundLoop } from '../background-loop';

/** How long a lease lasts, in seconds: several renewals, so that a slow one does not lose it. */
export const LEASE_SECONDS = 20;
const RENEWAL_MILLISECONDS = 5_000;
/** A renewal that takes longer is not waited for: the next one uses another connection, and the lease still stands. */
const LONGEST_RENEWAL_MILLISECONDS = 5_000;

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
      if (this.held.size > 0) await withinLimit(renew([...this.held.values()]));
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

async function withinLimit(renewal: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('Renewing the leases takes too long'));
    }, LONGEST_RENEWAL_MILLISECONDS);
  });
  try {
    await Promise.race([renewal, limit]);
  } finally {
    clearTimeout(timer);
  }
}
