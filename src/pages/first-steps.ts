import { queryRow, type StatementRunner } from '../database';
import { PAID_STATUSES } from '../orders';

/** The steps of a new service that its database proves. */
export interface FirstSteps {
  /** A shop has installed the app. */
  readonly installation: boolean;
  /** A webhook has arrived. */
  readonly webhook: boolean;
  /** An order has been paid; it may have been refunded since. */
  readonly sale: boolean;
}

/** Reads which of the first steps are done. @throws errors of pg if the database can't be read. */
export function readFirstSteps(database: StatementRunner): Promise<FirstSteps> {
  return queryRow<FirstSteps>(
    database,
    `SELECT EXISTS (SELECT FROM installations) AS installation, EXISTS (SELECT FROM webhook_events) AS webhook,
       EXISTS (SELECT FROM orders WHERE status = ANY ($1::text[])) AS sale`,
    [[...PAID_STATUSES]],
  );
}
