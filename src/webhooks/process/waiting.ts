import type { LeasedEvent } from './event-queue';

/** An event that could not be settled yet, the reason, and the time of the next attempt if it is known. */
export interface Waiting {
  readonly event: LeasedEvent;
  readonly why: string;
  readonly until?: Date | undefined;
  readonly isOrderMissing?: boolean;
}
