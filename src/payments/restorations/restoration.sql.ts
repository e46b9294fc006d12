import { KIND_LISTS } from '../operations/rows/kind-lists';

/**
 * SQL, after FROM: the restorations that refuse to send the operation `p`. The operations after the backup are lost, so
 * a payment of an order needs a reading of that order, or its creation, from after `readings_from`: by then, all calls of
 * the lost time have ended at Appmax. For anything else Appmax can't be asked: it waits until a person has reopened.
 */
export const REFUSING_RESTORATIONS = `restorations r WHERE CASE WHEN p.kind IN (${KIND_LISTS.methods})
    THEN COALESCE((p.baseline->>'readAt')::timestamptz AT TIME ZONE 'UTC',
      (SELECT o.created_at FROM orders o WHERE o.id = p.order_id), '-infinity'::timestamp) < r.readings_from
    ELSE r.reopened_at IS NULL END`;

/** `Retry-After`, in seconds, of what waits until a person has reopened. */
const REOPENING_SECONDS = 60;

/** SQL: the seconds after which to try operation `$1` again, as `seconds`; null if no restoration refuses it. */
export const SECONDS_OF_REFUSAL = `SELECT max(GREATEST(1,
    ceil(extract(epoch FROM r.readings_from - clock_timestamp()::timestamp)),
    CASE WHEN p.kind NOT IN (${KIND_LISTS.methods}) THEN ${REOPENING_SECONDS} END))::int AS seconds
  FROM operations p, LATERAL (SELECT * FROM ${REFUSING_RESTORATIONS}) r WHERE p.id = $1`;
