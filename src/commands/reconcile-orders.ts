import { setTimeout as sleep } from 'node:timers/promises';
import { OrderRecovery, OrdersModule, type SyncOutcome } from '../orders';
import { RECONCILE_USAGE, reconcileArguments } from './arguments';
import { runCommand } from './run-command';
import { workThrough, type Work } from './work-through';

const BATCH = 3;
/** A merchant's turn that comes so soon is waited for, in milliseconds. */
const WORTH_WAITING_MILLISECONDS = 20_000;

const WORDS: Readonly<Record<SyncOutcome['kind'], string>> = {
  fresh: 'asked for',
  recent: 'asked for moments ago, or out of reads for today',
  failed: 'failed',
  unknown: 'unknown',
};

/** `npm run orders:reconcile`: asks Appmax for orders, within the reads that a merchant has for that. */
void runCommand({
  usage: RECONCILE_USAGE,
  parse: reconcileArguments,
  run: async ({ statuses, after }, { app, stop, say }) => {
    const orders = app.select(OrdersModule).get(OrderRecovery);
    const work: Work = {
      what: 'orders',
      after,
      size: BATCH,
      count: () => orders.count({ statuses, after }),
      select: (from, limit) => orders.select({ statuses, after: from, limit }),
      perform: async (orderId) => WORDS[(await ask(orders, orderId, stop)).kind],
    };
    await workThrough(work, { stop, say });
  },
});

/** Asks for an order, after a wait for the merchant's turn if that is near. */
async function ask(orders: OrderRecovery, orderId: number, stop: AbortSignal): Promise<SyncOutcome> {
  for (;;) {
    const outcome = await orders.ask(orderId, 'command');
    const wait = outcome.retryAt === undefined ? Infinity : outcome.retryAt.getTime() - Date.now();
    const isNear =
      outcome.kind === 'recent' && outcome.state === undefined && wait < WORTH_WAITING_MILLISECONDS;
    if (!isNear || stop.aborted) return outcome;
    await sleep(Math.max(500, wait));
  }
}
