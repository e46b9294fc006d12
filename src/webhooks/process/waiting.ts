import type { LeasedEvent } from './event-queue';

/** An event that could not be settled yet: why, and until when it waits where that is known. */
export interface Waiting {
  readonly event: LeasedEvent;
  readonly why: string;
  readonly until?: Date | undefined;
  readonly isOrderMissing?: boolean;
}
