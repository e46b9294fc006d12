import { queryRow, type StatementRunner } from '../database';
import { PAID_STATUSES } from '../orders';

/** The steps of a new service that its database proves. */
export interface FirstSteps {
  /** A shop has installed the app. */
  readonly installation: boolean;
  /** A webhook has arrived. */
  readonly webhook: boolean;
  /** An order has been paid, and anti-fraud has accepted it; it may have been refunded since. */
  readonly sale: boolean;
}

const SOLD_STATUSES = PAID_STATUSES.filter((status) => status !== 'autorizado');

/** Reads which of the first steps are done. @throws errors of pg if the database can't be read. */
export function readFirstSteps(database: StatementRunner): Promise<FirstSteps> {
  return queryRow<FirstSteps>(
    database,
    `SELECT EXISTS (SELECT FROM installations) AS installation, EXISTS (SELECT FROM webhook_events) AS webhook,
       EXISTS (SELECT FROM orders WHERE status = ANY ($1::text[])) AS sale`,
    [SOLD_STATUSES],
  );
}
