import type { DaySums, Sums } from '../../../client/src/generated/types';

/** Adds up sums by a key, in the order in which the keys first occur. */
export function sumsBy(days: readonly DaySums[], keyOf: (day: DaySums) => string): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const day of days) {
    const before = sums.get(keyOf(day));
    sums.set(keyOf(day), {
      orders: (before?.orders ?? 0) + day.orders,
      orders_cents: (before?.orders_cents ?? 0) + day.orders_cents,
      paid: (before?.paid ?? 0) + day.paid,
      paid_cents: (before?.paid_cents ?? 0) + day.paid_cents,
      refunds: (before?.refunds ?? 0) + day.refunds,
      refunded_cents: (before?.refunded_cents ?? 0) + day.refunded_cents,
      declines: (before?.declines ?? 0) + day.declines,
    });
  }
  return sums;
}

/** Returns all days of a range, also those without sales. */
export function allDays(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
