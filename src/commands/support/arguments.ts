import { parseArgs, type ParseArgsConfig } from 'node:util';
import { LIFECYCLE, stageOf } from '../../orders';

/** Thrown when the arguments of a command are not valid; its message says why. */
export class UsageError extends Error {}

export const REPLAY_USAGE = `Processes stored webhook events again, oldest first.

  npm run webhooks:replay -- --since <when> [--event <name>] [--order <id>] [--after <event id>]

  --since   only events received since then: 2026-01-31, 2026-01-31T12:00:00Z, or 90m, 24h or 3d ago
  --event   only events of this name, such as OrderPaid
  --order   only events of this order
  --after   continue after this event, for a run that was stopped`;

export const RECONCILE_USAGE = `Reads orders that are not settled from Appmax, and applies their statuses.

  npm run orders:reconcile -- [--status <status> …] [--after <order id>]
  npm run orders:reconcile -- --shop <external_key> --order <order id> …

  --status  only orders with this status; may be repeated, or a comma-separated list
  --after   continue after this order, for a run that was stopped
  --order   these orders, also those that are not in the database: they are saved; may be repeated, or a list
  --shop    the shop of these orders`;

export const ROTATE_USAGE = `Encrypts the credentials of all merchants, the personal data of checkout sessions, and the secrets of
notification endpoints, with the current APP_KEY.

  npm run keys:rotate

  Before, set APP_KEY to the new key and APP_KEY_PREVIOUS to the old one, for the service and for this command. The
  command can be stopped and started again.`;

export const DOCTOR_USAGE = `Checks the settings, the database, its migrations, the cache, the clock, the public URL, the webhook path and the
token of Appmax, and says what to do about each failure. Names the addresses to register at Appmax, and says if a shop
has installed the app, a webhook has arrived and an order has been paid. Changes nothing.

  npm run doctor`;

export const RESTORED_USAGE = `Says that the database was restored from a backup, so that nothing that was paid after the backup is paid again.

  npm run database:restored -- [--confirm | --reopen]

  --confirm  marks the database as restored: open checkout sessions expire, all orders are read from Appmax again, and new
             orders, refunds and upsells are closed; without it, the command only says what it would do
  --reopen   opens new orders, refunds and upsells again

  Before --confirm, stop all instances. Before --reopen, read docs/backup.md.`;

export const TAKEOVER_USAGE = `Takes over the database of Appmax's Go example: it becomes one of this service, and keeps all rows.

  npm run database:takeover -- [--apply]

  --apply   take it over, in one transaction; without it, the command only says what it would do

  Before, stop the Go example and make a backup.`;

export interface ReplayArguments {
  readonly since: Date;
  readonly event: string | undefined;
  readonly orderId: number | undefined;
  readonly after: number;
}

export interface ReconcileArguments {
  readonly statuses: readonly string[];
  readonly after: number;
  /** The only orders, in ascending sequence, and their shop; undefined for all orders of the statuses. */
  readonly named?: { readonly shop: string; readonly orderIds: readonly number[] };
}

/** @returns undefined if `--help` is given. @throws UsageError */
export function replayArguments(args: readonly string[], now = new Date()): ReplayArguments | undefined {
  const values = readOptions(args, {
    since: { type: 'string' },
    event: { type: 'string' },
    order: { type: 'string' },
    after: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values['help'] === true) return undefined;
  const { since, event, order, after } = values as Record<string, string | undefined>;
  if (since === undefined) throw new UsageError('--since is required');
  return {
    since: instantOf(since, now),
    event,
    orderId: order === undefined ? undefined : idOf('--order', order),
    after: after === undefined ? 0 : idOf('--after', after),
  };
}

/** @returns undefined if `--help` is given. @throws UsageError */
export function reconcileArguments(args: readonly string[]): ReconcileArguments | undefined {
  const values = readOptions(args, {
    status: { type: 'string', multiple: true },
    after: { type: 'string' },
    order: { type: 'string', multiple: true },
    shop: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values['help'] === true) return undefined;
  const named = listOf(values['status']);
  for (const status of named) {
    if (!(LIFECYCLE as readonly string[]).includes(status))
      throw new UsageError(`--status: ${status} is none; there are ${LIFECYCLE.join(', ')}`);
  }
  const { after, shop } = values as { after?: string; shop?: string };
  const orderIds = [...new Set(listOf(values['order']).map((text) => idOf('--order', text)))];
  if ((shop === undefined) !== (orderIds.length === 0))
    throw new UsageError('--order and --shop are given together');
  if (shop !== undefined && named.length > 0) throw new UsageError('--order excludes --status');
  return {
    statuses:
      named.length > 0 ? [...new Set(named)] : LIFECYCLE.filter((status) => stageOf(status) !== 'settled'),
    after: after === undefined ? 0 : idOf('--after', after),
    ...(shop === undefined ? {} : { named: { shop, orderIds: orderIds.sort((a, b) => a - b) } }),
  };
}

/** Returns the texts of an option that may be repeated, and may be a comma-separated list. */
function listOf(values: unknown): string[] {
  return ((values ?? []) as string[]).flatMap((text) => text.split(',')).map((text) => text.trim());
}

/** Reads the arguments of a command that has none. @returns undefined if `--help` is given. @throws UsageError */
export function withoutArguments(args: readonly string[]): object | undefined {
  const values = readOptions(args, { help: { type: 'boolean', short: 'h' } });
  return values['help'] === true ? undefined : {};
}

/** @returns undefined if `--help` is given. @throws UsageError */
export function takeoverArguments(args: readonly string[]): { readonly apply: boolean } | undefined {
  const values = readOptions(args, { apply: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
  return values['help'] === true ? undefined : { apply: values['apply'] === true };
}

/** What `npm run database:restored` does. */
export type RestoredAction = 'look' | 'mark' | 'reopen';

/** @returns undefined if `--help` is given. @throws UsageError */
export function restoredArguments(args: readonly string[]): { readonly action: RestoredAction } | undefined {
  const { help, confirm, reopen } = readOptions(args, {
    confirm: { type: 'boolean' },
    reopen: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (help === true) return undefined;
  if (confirm === true && reopen === true) throw new UsageError('--confirm and --reopen exclude each other');
  return { action: confirm === true ? 'mark' : reopen === true ? 'reopen' : 'look' };
}

/** Reads the options of a command. @throws UsageError */
export function readOptions(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): Record<string, unknown> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify.*$/s, ''));
  }
}

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

function instantOf(text: string, now: Date): Date {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (SECONDS[unit] ?? 0) * 1000);
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(NaN);
  if (Number.isNaN(instant.getTime())) {
    throw new UsageError(
      `--since: ${text} is no time; give 2026-01-31, 2026-01-31T12:00:00Z, 90m, 24h or 3d`,
    );
  }
  return instant;
}

/** Reads an id. @throws UsageError */
export function idOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`${option}: ${text} is no id`);
  return Number(text);
}
