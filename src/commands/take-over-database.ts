import { Sealer } from '../common/secrets/sealer';
import type { Config } from '../config';
import {
  type GoDatabase,
  type StatementRunner,
  Takeover,
  TakeoverError,
  textOfDifferences,
} from '../database';
import { KeyRotation } from '../installations';
import { TAKEOVER_USAGE, takeoverArguments } from './support/arguments';
import { CommandFailure, type Report } from './support/command-line';
import { showProgress } from './support/progress';
import { runSetupCommand, type SetupContext } from './support/run-command';
import { sealFailureText } from './support/seal-failure';

/** `npm run database:takeover`: makes the database of Appmax's Go example one of this service. */
void runSetupCommand({
  usage: TAKEOVER_USAGE,
  parse: takeoverArguments,
  run: async ({ apply }, context): Promise<Report> => {
    const takeover = await Takeover.open(context.config.database);
    try {
      const found = await takeover.inspect((runner) => unsealable(runner, context.config));
      if (found === undefined)
        return reportOf([], 'Nothing to do: this database is one of this service already', false);
      if (found.differences.length > 0) throw new CommandFailure(textOfDifferences(found.differences));
      const lines = describe(found);
      if (apply) return await takeOver(takeover, context, lines);
      const hint =
        'Nothing has been changed. Stop the Go example, make a backup, and run this command with --apply';
      return { ...reportOf(lines, hint, false), data: { taken_over: false, found: found.counts } };
    } finally {
      await takeover.close();
    }
  },
});

function reportOf(lines: readonly string[], last: string, isTakenOver: boolean): Report {
  return { lines: [...lines, last], data: { taken_over: isTakenOver } };
}

async function takeOver(
  takeover: Takeover,
  { config, stop, isJson }: SetupContext,
  found: readonly string[],
): Promise<Report> {
  // A takeover may take long: what is known is written at once.
  const write = (line: string): void => {
    if (!isJson) process.stdout.write(`${line}\n`);
  };
  found.forEach(write);
  const ran = await takeover.run({
    seal: (runner) => seal(rotationOf(runner, config), stop, isJson),
    onStep: write,
  });
  const result =
    ran === undefined
      ? 'Nothing to do: another process has taken this database over'
      : `The database is taken over: all rows are kept, ${ran} migrations have run. Start the service now`;
  return reportOf([], result, ran !== undefined);
}

/** Seals all credentials in the transaction of the takeover, which fails if one can't be sealed or the command stops. */
async function seal(rotation: KeyRotation, stop: AbortSignal, isJson: boolean): Promise<void> {
  const { due } = await rotation.count();
  const progress = showProgress({ total: due, noun: 'installations', isJson });
  const { failed } = await rotation.run(stop, (count) => {
    progress.advance(count);
  });
  progress.finish();
  if (stop.aborted) throw new TakeoverError('Stopped; nothing was taken over');
  if (failed.size > 0) throw new TakeoverError([...failed].map(sealFailureText).join('\n'));
}

/** Lists the credentials that can't be sealed, such as those that would be too long for their columns. */
async function unsealable(runner: StatementRunner, config: Config): Promise<string[]> {
  return [...(await rotationOf(runner, config).check())].map(sealFailureText);
}

/** Returns the rotation of a transaction. Plain credentials are accepted, whatever UNSEALED_CREDENTIALS says. */
function rotationOf(runner: StatementRunner, { appKey, previousAppKeys }: Config): KeyRotation {
  return new KeyRotation(runner, new Sealer({ current: appKey, previous: previousAppKeys }));
}

function describe({ counts }: GoDatabase): string[] {
  const { installations, orders, webhookEvents, repeats, waiting, withoutOrder, withEmptyTexts } = counts;
  return [
    `The database of the Go example: ${installations} installations, ${orders} orders, ${webhookEvents} webhook events`,
    `  ${installations} installations: their credentials are sealed with APP_KEY`,
    `  ${repeats} webhook events repeat another one, and are marked so`,
    `  ${waiting} unfinished webhook events will be verified at Appmax`,
    `  ${withoutOrder} unfinished webhook events have no order, and are marked as processed`,
    `  ${withEmptyTexts} rows have empty texts where a value is absent, which become null`,
  ];
}
