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
import { showProgress } from '../support/progress';
import { runCommand } from '../support/run-command';
import { ERASE_USAGE, eraseArguments } from './privacy-arguments';

/** `npm run privacy:erase`: shows the personal data of a person that would be erased, and erases it with `--confirm`. */
void runCommand({
  usage: ERASE_USAGE,
  parse: (args) => eraseArguments(args, () => readFileSync(0, 'utf8')),
  run: async ({ subject, isConfirmed }, { app, stop, isJson }) => {
    const privacy = app.select(PrivacyModule);
    const [finder, erasure] = [privacy.get(PersonFinder), privacy.get(Erasure)];
    const person = await finder.find(subject, progressOf('ids of webhook events', isJson));
    const found = { lines: foundLines(person), data: { found: countsOf(person), kept: KEPT_DATA } };
    if (stop.aborted) return { ...found, lines: [...found.lines, 'Stopped. Nothing was erased'] };
    const kept = ['Kept:', ...KEPT_DATA.map((line) => `  ${line}`)];
    if (!isConfirmed) {
      await erasure.recordLook();
      const blockers = await erasure.blockersOf(person);
      const notYet = blockers.map((line) => `Not possible yet: ${line}`);
      const hint = 'Dry run: nothing was erased. Add --confirm to erase';
      return { lines: [...found.lines, ...notYet, hint, ...kept], data: { ...found.data, blockers } };
    }
    try {
      const erased = await erasure.erase(person);
      return { lines: [...found.lines, erasedLine(erased), ...kept], data: { ...found.data, erased } };
    } catch (error) {
      if (!(error instanceof PaymentsUnderWayError)) throw error;
      return {
        lines: found.lines,
        data: { ...found.data, blockers: error.advice },
        failure: refusalOf(error),
      };
    }
  },
});

/** Shows progress from the first report on: until then the total is not known. */
function progressOf(noun: string, isJson: boolean): (done: number, total: number) => void {
  let shown: { readonly progress: ReturnType<typeof showProgress>; done: number } | undefined;
  return (done, total) => {
    shown ??= { progress: showProgress({ total, noun, isJson }), done: 0 };
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

function countsOf({
  orders,
  sessions,
  events,
  otherOperations,
  unreadableSessions,
}: Person): Record<string, number> {
  return {
    orders: orders.length,
    sessions: sessions.length,
    events: events.length,
    other_operations: otherOperations.length,
    unreadable_sessions: unreadableSessions,
  };
}

function erasedLine({ orders, sessions, events, otherOperations }: Erased): string {
  return `Erased: ${orders} orders, ${sessions} checkout sessions, ${events} webhook events, ${otherOperations} other operations`;
}

function refusalOf({ advice }: PaymentsUnderWayError): string {
  return ['Not erased, or not completely, because payments are under way:', ...advice].join('\n  ');
}
