/**
 * The outcomes of an event. `waiting`: it is not processed yet · `applied` · `repeated`: it repeats another event ·
 * `set_aside`: it could not be applied.
 */
export const OUTCOMES = ['waiting', 'applied', 'repeated', 'set_aside'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** SQL: the outcome of an event. @param e the alias of its row in `webhook_events`. */
export const outcomeSql = (e: string): string =>
  `CASE WHEN NOT ${e}.processed THEN 'waiting' WHEN ${e}.error_message IS NULL THEN 'applied'
     WHEN ${isRepeat(e)} THEN 'repeated' ELSE 'set_aside' END`;

/** SQL: a condition for each outcome that is equivalent to {@link outcomeSql} and can use indexes. */
export const outcomeConditions = (e: string): Readonly<Record<Outcome, string>> => ({
  waiting: `NOT ${e}.processed`,
  applied: `${e}.processed AND ${e}.error_message IS NULL`,
  repeated: `${e}.processed AND ${e}.error_message IS NOT NULL AND ${isRepeat(e)}`,
  set_aside: `${e}.processed AND ${e}.error_message IS NOT NULL AND NOT ${isRepeat(e)}`,
});

/** SQL: true if the event repeats another one. */
export const isRepeat = (e: string): string =>
  `EXISTS (SELECT FROM unapplied_webhook_events u WHERE u.event_id = ${e}.id AND u.reason = 'repeated')`;
