import { operation, pix, reading, sale } from '../../../../test/support/sales';
import type { Decision } from './effect';
import type { Operation, OrderReading, Sale } from './operation';
import { transition } from './transition';

/** What is true of an order after some events: in our database, and at Appmax. */
interface World {
  readonly operations: readonly Operation[];
  readonly rowStatus: string;
  readonly atAppmax: OrderReading;
}

type Happening = (world: World, id: number) => World | undefined;

const isPaidAt = ({ atAppmax }: World): boolean => atAppmax.paidAt !== null;
const isBusy = ({ operations }: World): boolean => operations.some(({ state }) => state === 'unknown');

const charged = reading('aprovado', { totalPaidCents: 100, paidAt: '2026-01-31 12:00:00' });

/** Adds a card charge with a key of its own, unless the order is paid or another charge is open. */
const card =
  (change: Partial<Operation>, after: Partial<World>): Happening =>
  (world, id) =>
    isPaidAt(world) || isBusy(world)
      ? undefined
      : {
          ...world,
          operations: [
            ...world.operations,
            operation({ id, keyId: id, phase: 'over', leaseOver: true, ...change }),
          ],
          ...after,
        };

/** What may happen to an order, in any sequence that the rules allow. */
const HAPPENINGS: Readonly<Record<string, Happening>> = {
  'a card is charged': card({ state: 'done' }, { rowStatus: 'aprovado', atAppmax: charged }),
  'a card is charged, and the answer is lost': card({ state: 'unknown' }, { atAppmax: charged }),
  'a card is not charged, and the answer is lost': card({ state: 'unknown' }, {}),
  'a card is declined': card(
    { state: 'declined' },
    { rowStatus: 'cancelado', atAppmax: reading('cancelado', { method: 'credit_card' }) },
  ),
  'a card is prepared': card({ state: 'prepared' }, {}),
  'a Pix is made': (world, id) =>
    isPaidAt(world) || isBusy(world)
      ? undefined
      : {
          ...world,
          operations: [...world.operations, pix({ id, keyId: id })],
          atAppmax: reading('pendente', { method: 'pix' }),
        },
  'the Pix is paid': (world) =>
    isPaidAt(world) || world.atAppmax.method !== 'pix'
      ? undefined
      : { ...world, rowStatus: 'aprovado', atAppmax: { ...charged, method: 'pix' } },
  'the order is refunded': (world) =>
    isPaidAt(world) && world.rowStatus === 'aprovado'
      ? { ...world, rowStatus: 'estornado', atAppmax: { ...world.atAppmax, status: 'estornado' } }
      : undefined,
};

const NEW_ORDER: World = {
  operations: [],
  rowStatus: 'pendente',
  atAppmax: reading('pendente', { method: null }),
};
const LONGEST = 3;

/** Returns all histories up to a length: the worlds after each event, the first one before any. */
function histories(soFar: readonly World[] = [NEW_ORDER]): World[][] {
  const last = soFar.at(-1) ?? NEW_ORDER;
  if (soFar.length > LONGEST) return [[...soFar]];
  const next = Object.values(HAPPENINGS).flatMap((happen) => happen(last, soFar.length) ?? []);
  return [[...soFar], ...next.flatMap((world) => histories([...soFar, world]))];
}

/** Returns the decision about a request with a new key, which reads the order if the rules want it. */
function decisionOf(
  restored: World,
  kind: 'credit_card' | 'pix',
  atAppmax: OrderReading,
  isMarked: boolean,
): Decision {
  const [made, ...others] = sale(restored.operations, restored.rowStatus).operations;
  const before: Sale = {
    ...sale([], restored.rowStatus),
    operations: [{ ...made!, isHistoryLost: isMarked }, ...others],
  };
  const ask = (read: OrderReading | null): Decision => {
    const asked = { type: 'asked', kind, keyId: 999, reading: read } as const;
    const decide = transition(before, asked).effects.find((effect) => effect.type === 'decide');
    return decide!.decision;
  };
  const first = ask(null);
  return first.kind === 'read' ? ask(atAppmax) : first;
}

/** Returns the number of restores after which an order would be paid that Appmax shows as paid, and of all restores. */
function paidAgain(isMarked: boolean): { again: number; all: number } {
  let [again, all] = [0, 0];
  for (const history of histories()) {
    const { atAppmax } = history.at(-1) ?? NEW_ORDER;
    for (const backup of history)
      for (const kind of ['credit_card', 'pix'] as const) {
        all += 1;
        const isSent = decisionOf(backup, kind, atAppmax, isMarked).kind === 'prepare';
        if (isSent && atAppmax.paidAt !== null) again += 1;
      }
  }
  return { again, all };
}

describe('A sale that is restored from a backup', () => {
  it('is never paid again, whatever had happened before and after the backup', () => {
    const { again, all } = paidAgain(true);
    expect(all).toBeGreaterThan(200);
    expect(again).toBe(0);
  });

  it('would be paid again without the mark of the restore', () => {
    expect(paidAgain(false).again).toBeGreaterThan(0);
  });
});
