import { setTimeout as sleep } from 'node:timers/promises';
import { OrderRecovery, OrdersModule, type SyncOutcome } from '../orders';
import { RECONCILE_USAGE, reconcileArguments } from './arguments';
import { processInBatches, type Work } from './process-in-batches';
import { runCommand } from './run-command';

const BATCH = 3;
/** If the read budget of the merchant allows the next read within this time, the command waits for it. */
const LONGEST_WAIT_MILLISECONDS = 20_000;

/** The text for each outcome in the command's summary. */
const OUTCOME_TEXTS: Readonly<Record<SyncOutcome['kind'], string>> = {
  fresh: 'asked for',
  recent: 'asked for moments ago, or out of reads for today',
  failed: 'failed',
  unknown: 'unknown',
};

/** `npm run orders:reconcile`: syncs orders with Appmax, within the read budget of each merchant. */
void runCommand({
  usage: RECONCILE_USAGE,
  parse: reconcileArguments,
  run: async ({ statuses, after }, { app, stop, writeLine }) => {
    const orders = app.select(OrdersModule).get(OrderRecovery);
    const work: Work = {
      noun: 'orders',
      after,
      batchSize: BATCH,
      count: () => orders.count({ statuses, after }),
      select: (from, limit) => orders.select({ statuses, after: from, limit }),
      processRow: async (orderId) => OUTCOME_TEXTS[(await syncOrder(orders, orderId, stop)).kind],
    };
    await processInBatches(work, { stop, writeLine });
  },
});

/** Syncs one order. If the read budget does not allow it yet, waits for it up to 20 s and tries again. */
async function syncOrder(orders: OrderRecovery, orderId: number, stop: AbortSignal): Promise<SyncOutcome> {
  for (;;) {
    const outcome = await orders.ask(orderId, 'command');
    const wait = outcome.retryAt === undefined ? Infinity : outcome.retryAt.getTime() - Date.now();
    const isNear =
      outcome.kind === 'recent' && outcome.state === undefined && wait < LONGEST_WAIT_MILLISECONDS;
    if (!isNear || stop.aborted) return outcome;
    await sleep(Math.max(500, wait));
  }
}
