/** The data that stays after the personal data of a person was erased, and the reasons. `docs/privacy.md` has the same list. */
export const KEPT_DATA: readonly string[] = [
  "orders: ids (also the customer's id at Appmax), status, method, amount, times. Fiscal and consumer law requires records of sales",
  'operations: kind, state, amounts, times, what Appmax said of the order, who resolved it. Evidence of payments and refunds',
  "checkout sessions: items, amounts, the shop's reference, times. What was sold",
  'webhook events: name, order, status, the merchant, time. Evidence of what Appmax reported',
  'status changes, notifications without metadata, statistics: ids, statuses, amounts, times',
  'idempotency keys: keyed digests and the answers, until they expire. Without them a repeat could charge again',
  'audit log: who did what with which order, this erasure included. Proof that the law was observed',
  'not in this database: the data at Appmax, at the shop, in backups and in logs of other systems',
];
