import { readFileSync } from 'node:fs';
import {
  type Erased,
  Erasure,
  KEPT_DATA,
  PaymentsUnderWayError,
  type Person,
  PersonFinder,
  PrivacyModule,
} from '../../privacy';
import { showProgress } from '../progress';
import { CommandFailure, runCommand } from '../run-command';
import { ERASE_USAGE, eraseArguments } from './privacy-arguments';

/** `npm run privacy:erase`: shows the personal data of a person that would be erased, and erases it with `--confirm`. */
void runCommand({
  usage: ERASE_USAGE,
  parse: (args) => eraseArguments(args, () => readFileSync(0, 'utf8')),
  run: async ({ subject, isConfirmed }, { app, stop, writeLine }) => {
    const privacy = app.select(PrivacyModule);
    const [finder, erasure] = [privacy.get(PersonFinder), privacy.get(Erasure)];
    const person = await finder.find(subject, progressOf('ids of webhook events'));
    for (const line of foundLines(person)) writeLine(line);
    if (stop.aborted) {
      writeLine('Stopped. Nothing was erased');
      return;
    }
    if (!isConfirmed) {
      await erasure.recordLook();
      for (const line of await erasure.blockersOf(person)) writeLine(`Not possible yet: ${line}`);
      writeLine('Dry run: nothing was erased. Add --confirm to erase');
    } else {
      const erased = await erasure.erase(person).catch((error: unknown) => {
        throw error instanceof PaymentsUnderWayError ? refusalOf(error) : error;
      });
      writeLine(erasedLine(erased));
    }
    writeLine('Kept:');
    for (const line of KEPT_DATA) writeLine(`  ${line}`);
  },
});

/** Shows progress from the first report on: until then the total is not known. */
function progressOf(noun: string): (done: number, total: number) => void {
  let shown: { readonly progress: ReturnType<typeof showProgress>; done: number } | undefined;
  return (done, total) => {
    shown ??= { progress: showProgress({ total, noun }), done: 0 };
    shown.progress.advance(done - shown.done);
    shown.done = done;
    if (done === total) shown.progress.finish();
  };
}

function foundLines({ orders, sessions, events, otherOperations, unreadableSessions }: Person): string[] {
  const named = orders.map((order) => `${order.appmax_order_id} (${order.external_key})`).join(', ');
  return [
    `${orders.length} orders${named === '' ? '' : `: ${named}`}`,
    `${sessions.length} checkout sessions with personal data or an order`,
    `${events.length} webhook events with a full payload`,
    `${otherOperations.length} operations with the document that are not of these orders`,
    ...(unreadableSessions === 0
      ? []
      : [
          `${unreadableSessions} checkout sessions can't be read: set APP_KEY_PREVIOUS and run the command again`,
        ]),
  ];
}

function erasedLine({ orders, sessions, events, otherOperations }: Erased): string {
  return `Erased: ${orders} orders, ${sessions} checkout sessions, ${events} webhook events, ${otherOperations} other operations`;
}

function refusalOf({ advice }: PaymentsUnderWayError): CommandFailure {
  return new CommandFailure(
    ['Not erased, or not completely, because payments are under way:', ...advice].join('\n  '),
  );
}
