import { AuditLog, COMMAND, KeysModule } from '../keys';
import { PaymentsModule, type Restoration, type RestorationEffects, Restorations } from '../payments';
import { RESTORED_USAGE, restoredArguments } from './support/arguments';
import type { Report } from './support/command-line';
import { runCommand } from './support/run-command';

/** `npm run database:restored`: marks the database as restored from a backup, or opens again what that has closed. */
void runCommand({
  usage: RESTORED_USAGE,
  parse: restoredArguments,
  run: async ({ action }, { app }): Promise<Report> => {
    const restorations = app.select(PaymentsModule).get(Restorations);
    if (action === 'look') {
      const [effects, last] = [await restorations.preview(), await restorations.last()];
      const lines = [
        ...stateLines(last),
        `${effects.sessions} open checkout sessions would expire, and ${effects.orders} orders would be read again`,
        'Nothing has been changed. Stop all instances, and run this command with --confirm',
      ];
      return reportOf(lines, last, effects);
    }
    const audit = app.select(KeysModule).get(AuditLog);
    const entry = await audit.record({ actor: COMMAND, action: `database:restored --${NAMES[action]}` });
    const lines = action === 'mark' ? await mark(restorations) : await reopen(restorations);
    await audit.finish(entry, 200);
    return reportOf(lines, await restorations.last());
  },
});

const NAMES = { mark: 'confirm', reopen: 'reopen' } as const;

async function mark(restorations: Restorations): Promise<string[]> {
  const { sessions, orders } = await restorations.mark();
  const last = await restorations.last();
  return [
    `${sessions} open checkout sessions have expired, and ${orders} orders will be read again`,
    `Payments of existing orders are open from ${last?.readingsFrom.toISOString() ?? ''} on`,
    'New orders, refunds and upsells are closed. Start the service, and read docs/backup.md before --reopen',
  ];
}

async function reopen(restorations: Restorations): Promise<string[]> {
  return [(await restorations.reopen()) ? 'New orders, refunds and upsells are open' : 'Nothing was closed'];
}

function stateLines(last: Restoration | undefined): string[] {
  if (last === undefined) return ['No backup was restored'];
  const state = last.isReopened ? 'open again' : 'closed';
  return [
    `A backup was restored: ${last.restoredAt.toISOString()}. New orders, refunds and upsells are ${state}`,
  ];
}

function reportOf(lines: string[], last: Restoration | undefined, effects?: RestorationEffects): Report {
  const restoration =
    last === undefined
      ? null
      : {
          restored_at: last.restoredAt.toISOString(),
          readings_from: last.readingsFrom.toISOString(),
          reopened: last.isReopened,
        };
  return { lines, data: { restoration, ...(effects === undefined ? {} : { would_change: effects }) } };
}
