import { EventEmitter } from 'node:events';
import type { DataSource, DataSourceOptions } from 'typeorm';

/** The settings of connections whose program announces the changes of statuses: the trigger sends it a notice of each. */
const SETTINGS = '-c client_min_messages=notice -c appmax_checkout.announces=on';

/** The notices that PostgreSQL sends to the connections of a pool. */
export class Notices extends EventEmitter<{ notice: [message: string] }> {}

/**
 * Adds to the options of a pool that its connections get a notice of each change of a status, and announce it.
 *
 * @param isDirect false behind a pooler, which may refuse the setting or give it to other clients: nothing is added.
 */
export function withNotices(options: DataSourceOptions, isDirect: boolean): DataSourceOptions {
  if (!isDirect) return options;
  const extra = options.extra as { readonly options?: string };
  return {
    ...options,
    extra: { ...extra, options: [extra.options, SETTINGS].join(' ').trim(), notices: new Notices() },
  };
}

/** Returns the notices of a data source; undefined if its connections get none. */
export function noticesOf({ options }: DataSource): Notices | undefined {
  return (options.extra as { readonly notices?: Notices } | undefined)?.notices;
}
