import { setTimeout as sleep } from 'node:timers/promises';
import { InstallationsService } from '../installations';
import { OrderRecovery, OrdersModule, type SyncOutcome } from '../orders';
import { RECONCILE_USAGE, reconcileArguments } from './support/arguments';
import { CommandFailure } from './support/command-line';
import { processInBatches, type RowOutcome, type Work } from './support/process-in-batches';
import { runCommand } from './support/run-command';

const BATCH = 3;
/** If the read budget of the merchant allows the next read within this time, the command waits for it. */
const LONGEST_WAIT_MILLISECONDS = 20_000;

/** `npm run orders:reconcile`: syncs orders with Appmax, within the read budget of each merchant. */
void runCommand({
  usage: RECONCILE_USAGE,
  parse: reconcileArguments,
  run: async ({ statuses, after, named }, { app, ...surroundings }) => {
    const orders = app.select(OrdersModule).get(OrderRecovery);
    const shop = named?.shop;
    const merchant = shop === undefined ? undefined : await app.get(InstallationsService).find(shop);
    if (shop !== undefined && merchant === undefined) throw new CommandFailure(`There is no shop ${shop}`);
    const ids = named?.orderIds.filter((id) => id > after);
    const work: Work = {
      noun: 'order',
      plural: 'orders',
      after,
      batchSize: BATCH,
      count: () => (ids === undefined ? orders.count({ statuses, after }) : Promise.resolve(ids.length)),
      select: (from, limit) =>
        ids === undefined
          ? orders.select({ statuses, after: from, limit })
          : Promise.resolve(ids.filter((id) => id > from).slice(0, limit)),
      processRow: async (orderId) =>
        rowOf(await syncOrder(() => orders.ask(orderId, { reason: 'command', merchant }), surroundings.stop)),
    };
    return processInBatches(work, surroundings);
  },
});

/** Returns the words for the outcome of a sync in the summary. */
function rowOf({ kind, problem, isMerchantBusy }: SyncOutcome): RowOutcome {
  switch (kind) {
    case 'fresh':
      return { outcome: 'asked for' };
    case 'recent':
      return { outcome: isMerchantBusy === true ? 'out of reads' : 'asked moments ago' };
    case 'unknown':
      return { outcome: 'unknown' };
    case 'failed':
      return { outcome: 'failed', failure: problem ?? 'Appmax could not be asked' };
  }
}

/** Syncs one order. If the read budget does not allow it yet, waits for it up to 20 s and tries again. */
async function syncOrder(ask: () => Promise<SyncOutcome>, stop: AbortSignal): Promise<SyncOutcome> {
  for (;;) {
    const outcome = await ask();
    const wait = outcome.retryAt === undefined ? Infinity : outcome.retryAt.getTime() - Date.now();
    const isNear =
      outcome.kind === 'recent' && outcome.state === undefined && wait < LONGEST_WAIT_MILLISECONDS;
    if (!isNear || stop.aborted) return outcome;
    await sleep(Math.max(500, wait));
  }
}
