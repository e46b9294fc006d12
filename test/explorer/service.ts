import { isPaid } from '../../src/orders/status/status-rules';
import type { Decision } from '../../src/payments/operations/state/effect';
import { CLASS_OF_KIND } from '../../src/payments/operations/state/operation';
import { isCode, isRefusedStatus, type Rules, wasSent } from '../../src/payments/operations/state/rules';
import type { SaleEvent } from '../../src/payments/operations/state/sale-event';
import { transition } from '../../src/payments/operations/state/transition';
import { outcomesOf, paymentOf, readingOf } from './appmax';
import { answerOutcome, answerPaidAlready } from './client-answers';
import { insert, isHarmless, write } from './database';
import {
  type Asked,
  rowOf,
  saleOf,
  type Snapshot,
  spend,
  tokenOf,
  withFault,
  withRow,
  withWork,
  type Work,
  type World,
} from './model';
import type { Scenario } from './scenario';
import type { Next } from './search';

/** The scenario and the rules of a search. */
export interface Run {
  readonly scenario: Scenario;
  readonly rules: Rules;
}

/** Loads the sale, runs the transition and writes its effects, in one transaction. */
export function apply(world: World, event: SaleEvent, snapshot: Snapshot | null, { rules }: Run): World {
  return write(world, transition(saleOf(world, snapshot), event, rules).effects);
}

/** Returns the readings that a read of the order may give now. */
export function readsOf(world: World, { scenario }: Run): [string, World, Snapshot][] {
  const phases = world.operations.map(({ phase }) => phase);
  const codesOver = world.operations.map(({ isCodeOver }) => isCodeOver);
  const { view, before } = world.appmax;
  const fresh: [string, World, Snapshot] = [
    `reads ${view.status}`,
    world,
    { reading: readingOf(view, scenario), phases, codesOver },
  ];
  if (before === null || world.budget.lags === 0) return [fresh];
  return [
    fresh,
    [
      `reads ${before.status}, which lags behind`,
      spend(world, 'lags'),
      { reading: readingOf(before, scenario), phases, codesOver },
    ],
  ];
}

/** Lets the next request of the scenario reach an idle instance, which loads the sale. */
export function arrivals(world: World, run: Run): Next<World>[] {
  const request = run.scenario.requests[world.requests];
  const instance = world.instances.findIndex(({ at }) => at === 'idle');
  if (request === undefined || instance < 0) return [];
  const asked: Asked = { ...request, wasUnpayable: isLongUnpayable(world) };
  const came = { ...world, requests: world.requests + 1 };
  const next = decided(came, instance, asked, null, run);
  return [[`${request.kind} with key ${request.keyId ?? 'none'} comes to instance ${instance}`, next]];
}

/** Returns true if Appmax has shown for longer than the settle time that the order is not payable. */
function isLongUnpayable({ appmax: { view, age } }: World): boolean {
  return age === 2 && !['pendente', 'cancelado', 'recusado_por_risco'].includes(view.status);
}

function decided(world: World, instance: number, asked: Asked, snapshot: Snapshot | null, run: Run): World {
  const reading = snapshot?.reading ?? null;
  const { effects } = transition(saleOf(world, snapshot), { type: 'asked', ...asked, reading }, run.rules);
  const written = write(world, effects);
  const decision = effects.findLast((effect) => effect.type === 'decide')?.decision;
  if (decision === undefined) throw new Error('a request was not decided on');
  const next = followed(written, instance, asked, decision, run);
  return decision.kind === 'answer' && snapshot !== null && isKnownToBeOver(written, decision.id, snapshot)
    ? withFault(next, 'a client was shown a code that is over: a read had shown its order as refused')
    : next;
}

/** Returns true if a read of a refused order proves that a code is over: no later card could explain the refusal. */
function isKnownToBeOver(world: World, id: number, { reading, phases }: Snapshot): boolean {
  const index = world.operations.findIndex((row) => row.id === id);
  const wasCardTried = world.operations.some(
    (row) => row.id > id && row.kind === 'credit_card' && wasSent(row),
  );
  return (
    paymentOf(world, id)?.state === 'expired' &&
    phases[index] === 'over' &&
    isRefusedStatus(reading.status) &&
    !wasCardTried
  );
}

function followed(world: World, instance: number, asked: Asked, decision: Decision, run: Run): World {
  const to = (work: Work): World => withWork(world, instance, work);
  switch (decision.kind) {
    case 'read':
      return to({ at: 'reading', asked });
    case 'prepare':
      return run.scenario.guard === 'lock'
        ? insert(world, instance, asked, decision.baseline, run.scenario)
        : to({ at: 'preparing', asked, baseline: decision.baseline });
    case 'judge':
      return to({ at: 'judging', id: decision.id });
    case 'answer': {
      const row = rowOf(world, decision.id);
      const answeredWorld = answerOutcome(to({ at: 'idle' }), row.id);
      return isHarmless(row) || (isCode(row) && row.state === 'not_done')
        ? withFault(
            answeredWorld,
            'a client was answered with an operation without effect that could be made again',
          )
        : answeredWorld;
    }
    case 'in_progress':
    case 'closed':
      return to({ at: 'idle' });
    case 'not_payable':
      return isPaid(decision.status) ? answerPaidAlready(to({ at: 'idle' })) : to({ at: 'idle' });
  }
}

/** Returns the possible next steps of an instance in its work on a request. */
export function stepsOf(world: World, instance: number, run: Run): Next<World>[] {
  const work = world.instances[instance];
  if (work === undefined) return [];
  const name = (event: string): string => `instance ${instance} ${event}`;
  const to = (next: Work, from = world): World => withWork(from, instance, next);
  switch (work.at) {
    case 'idle':
      return [];
    case 'reading':
      return readsOf(world, run).map(([event, from, snapshot]) => [
        name(event),
        to({ at: 'deciding', asked: work.asked, snapshot }, from),
      ]);
    case 'deciding':
      return [[name('decides'), decided(world, instance, work.asked, work.snapshot, run)]];
    case 'preparing':
      return [[name('prepares'), insert(world, instance, work.asked, work.baseline, run.scenario)]];
    case 'fencing':
      return [[name('fences'), fenced(world, instance, work, run)]];
    case 'sending':
      return work.isStale
        ? [[name('sends nothing, because it was paused'), withdrawn(world, instance, work.id, run)]]
        : sent(world, instance, work, run);
    case 'waiting':
      return answers(world, instance, work, run);
    case 'checking':
    case 'judging':
      return [
        [name('answers without a read'), answerOutcome(to({ at: 'idle' }), work.id)],
        ...readsOf(world, run).map(([event, from, snapshot]): Next<World> => {
          const read = apply(from, { type: 'read', reading: snapshot.reading }, snapshot, run);
          return [name(`${event} and answers`), answerOutcome(to({ at: 'idle' }, read), work.id)];
        }),
      ];
  }
}

function fenced(world: World, instance: number, work: Work & { at: 'fencing' }, run: Run): World {
  const passed = apply(world, { type: 'fence', id: work.id, token: tokenOf(work.id) }, null, run);
  if (passed !== world && rowOf(passed, work.id).state === 'sent')
    return withWork(passed, instance, { at: 'sending', asked: work.asked, id: work.id, isStale: false });
  const failed = apply(world, { type: 'failed', id: work.id, failure: 'fence' }, null, run);
  return withWork(failed, instance, { at: 'idle' });
}

function withdrawn(world: World, instance: number, id: number, run: Run): World {
  const taken = apply(world, { type: 'withdrawn', id, token: tokenOf(id) }, null, run);
  const given = apply(taken, { type: 'failed', id, failure: 'slept' }, null, run);
  return withWork(given, instance, { at: 'idle' });
}

function sent(
  world: World,
  instance: number,
  { id, asked }: Work & { at: 'sending' },
  run: Run,
): Next<World>[] {
  const row = rowOf(world, id);
  let left = withRow(world, id, { requests: row.requests + 1 });
  if (row.requests > 0) left = withFault(left, 'a request was sent twice');
  if (row.state !== 'sent') left = withFault(left, `a request was sent while its operation was ${row.state}`);
  if (world.isClosed) left = withFault(left, 'a request was sent for an order that was closed');
  if (asked.wasUnpayable && isLongUnpayable(world))
    left = withFault(left, 'a request was sent for an order that had long been known not to be payable');
  return outcomesOf(left, id, run.scenario).map(([event, { act, answer }]) => [
    `the request of operation ${id} is sent: ${event}`,
    withWork(act(left, id), instance, { at: 'waiting', id, answer }),
  ]);
}

function answers(world: World, instance: number, work: Work & { at: 'waiting' }, run: Run): Next<World>[] {
  const { id, answer } = work;
  const name = (event: string): string => `instance ${instance} ${event}`;
  const timeOut: Next<World> = [
    name('times out'),
    afterAnswer(
      apply(world, { type: 'answered', id, answer: { kind: 'lost', failure: 'timeout' } }, null, run),
      instance,
      id,
    ),
  ];
  const isTimeOver = rowOf(world, id).phase !== 'running';
  if (answer === null) return isTimeOver ? [timeOut] : [];
  const arrives: Next<World> = [
    name(`is answered: ${answer.kind}`),
    afterAnswer(apply(world, { type: 'answered', id, answer }, null, run), instance, id),
  ];
  return isTimeOver && answer.kind !== 'lost' ? [arrives, timeOut] : [arrives];
}

function afterAnswer(world: World, instance: number, id: number): World {
  const { state, kind } = rowOf(world, id);
  if (state === 'refused') return withWork(world, instance, { at: 'checking', id });
  if (state === 'unknown' && CLASS_OF_KIND[kind] === 'charge')
    return withWork(world, instance, { at: 'judging', id });
  return answerOutcome(withWork(world, instance, { at: 'idle' }), id);
}
