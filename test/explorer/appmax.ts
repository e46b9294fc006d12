import type { PaymentMethod } from '../../src/appmax/order-status';
import type { OrderReading } from '../../src/payments/operations/state/operation';
import type { OperationAnswer } from '../../src/payments/operations/state/sale-event';
import {
  type Appmax,
  type Payment,
  rowOf,
  TOTAL_CENTS,
  type View,
  withFault,
  withRow,
  type World,
} from './model';
import type { Scenario } from './scenario';

/** A status that the code does not know: the order is under an unknown analysis. */
export const UNKNOWN_STATUS = 'em_analise';

/** Returns the reading of a view. */
export function readingOf(view: View, { reportsAmounts, reportsMethod }: Scenario): OrderReading {
  return {
    status: view.status,
    method: reportsMethod ? view.method : null,
    totalPaidCents: reportsAmounts ? view.paid * TOTAL_CENTS : null,
    dueCents: reportsAmounts ? TOTAL_CENTS : null,
    paidAt: null,
    updatedAt: null,
    refundedAt: null,
    readAt: null,
  };
}

function changed(appmax: Appmax, view: View): Appmax {
  return {
    ...appmax,
    view,
    before: appmax.view,
    age: 0,
    wasPaidTwice: appmax.wasPaidTwice || view.paid > 1,
  };
}

function withPayment(world: World, payment: Payment): World {
  const others = world.appmax.payments.filter(({ id }) => id !== payment.id);
  return {
    ...world,
    appmax: { ...world.appmax, payments: [...others, payment].sort((a, b) => a.id - b.id) },
  };
}

function withView(world: World, view: View): World {
  return { ...world, appmax: changed(world.appmax, view) };
}

export const paymentOf = ({ appmax }: World, id: number): Payment | undefined =>
  appmax.payments.find((payment) => payment.id === id);

/** Returns true if a charge came so late that Appmax does not show which operation it belongs to. */
export const isBlurred = ({ payments }: Appmax): boolean =>
  payments.some(({ state, inTime }) => (state === 'charged' || state === 'reversed') && !inTime);

/** Charges a card. */
export function charge(world: World, id: number, status: string): World {
  const inTime = rowOf(world, id).phase === 'running';
  const taken = withPayment(
    withView(world, { status, method: 'credit_card', paid: world.appmax.view.paid + 1 }),
    { id, state: 'charged', inTime, shown: false },
  );
  if (inTime && world.isClosed) return withFault(taken, 'an order was charged in time after it was closed');
  return inTime && rowOf(world, id).toldUnpaid
    ? withFault(taken, 'a client was told that no money was taken and then charged in time')
    : taken;
}

/** Declines a card: an unpaid order is cancelled. */
export function decline(world: World, id: number): World {
  return cancel(withPayment(world, { id, state: 'nothing', inTime: true, shown: false }), 'credit_card');
}

function cancel(world: World, method: PaymentMethod): World {
  const { view } = world.appmax;
  return view.paid > 0 || view.status === 'cancelado'
    ? world
    : withView(world, { ...view, status: 'cancelado', method });
}

/** Creates a code: an unpaid order becomes `pendente`. */
function makeCode(world: World, id: number): World {
  const made = withPayment(world, { id, state: 'code', inTime: true, shown: false });
  const { view } = world.appmax;
  return view.paid > 0 ? made : withView(made, { ...view, status: 'pendente', method: 'pix' });
}

/** Lets a code expire: an unpaid order is cancelled. */
export function expire(world: World, payment: Payment, scenario: Scenario): World {
  const expired = cancel(withPayment(world, { ...payment, state: 'expired' }), 'pix');
  return scenario.reportsExpiry && rowOf(world, payment.id).code === 'open'
    ? withRow(expired, payment.id, { code: 'expired' })
    : expired;
}

/** Lets the shopper pay a code. */
export function payCode(world: World, payment: Payment): World {
  const { view } = world.appmax;
  const paid = withPayment(withView(world, { status: 'aprovado', method: 'pix', paid: view.paid + 1 }), {
    ...payment,
    state: 'paid',
  });
  return world.isClosed ? withFault(paid, 'a code was paid after its order was closed') : paid;
}

/** Lets anti-fraud refuse a charge, which returns its money. */
export function refuseByRisk(world: World, payment: Payment): World {
  const { view } = world.appmax;
  const status = view.paid > 1 ? view.status : 'recusado_por_risco';
  return withPayment(withView(world, { ...view, status, paid: view.paid - 1 }), {
    ...payment,
    state: 'reversed',
  });
}

/** Lets another system change an order, while none of our payments stands in it. */
export function changeOutside(world: World): World {
  const { view, payments } = world.appmax;
  if (payments.some(({ state }) => state !== 'nothing' && state !== 'pending')) return world;
  if (view.status === 'pendente') return withView(world, { ...view, status: 'cancelado' });
  if (view.status === 'cancelado') return withView(world, { ...view, status: 'pendente' });
  return view.paid === 1 ? withView(world, { ...view, status: 'recusado_por_risco', paid: 0 }) : world;
}

export function passAnalysis(world: World): World {
  return withView(world, { ...world.appmax.view, status: 'aprovado' });
}

/** A possible outcome of a request: the change at Appmax, and the answer (null: it comes with a later charge). */
interface Outcome {
  readonly act: (world: World, id: number) => World;
  readonly answer: OperationAnswer | null;
}

const accepted = (status: string | null): OperationAnswer => ({ kind: 'accepted', status });
const lost: OperationAnswer = { kind: 'lost', failure: 'timeout' };
const becomes =
  (state: Payment['state']) =>
  (world: World, id: number): World =>
    withPayment(world, { id, state, inTime: true, shown: false });
const chargedAs =
  (status: string) =>
  (world: World, id: number): World =>
    charge(world, id, status);

const CARD_OUTCOMES: Readonly<Record<string, Outcome>> = {
  approved: { act: chargedAs('aprovado'), answer: accepted('aprovado') },
  authorised: { act: chargedAs('autorizado'), answer: accepted('autorizado') },
  'approved without a status': { act: chargedAs('aprovado'), answer: accepted(null) },
  'approved, answer lost': { act: chargedAs('aprovado'), answer: lost },
  'under an unknown analysis': { act: chargedAs(UNKNOWN_STATUS), answer: accepted(UNKNOWN_STATUS) },
  'under an unknown analysis, answer lost': { act: chargedAs(UNKNOWN_STATUS), answer: lost },
  declined: { act: decline, answer: { kind: 'declined', status: 'cancelado' } },
  'declined without a status': { act: decline, answer: { kind: 'declined', status: null } },
  'declined by a success': { act: decline, answer: accepted('cancelado') },
  'declined, answer lost': { act: decline, answer: lost },
  refused: { act: becomes('nothing'), answer: { kind: 'refused', failure: 'invalid' } },
  'rate limited': { act: becomes('nothing'), answer: { kind: 'refused', failure: 'rate_limited' } },
  lost: { act: becomes('nothing'), answer: lost },
  'lost, may still charge': { act: becomes('pending'), answer: lost },
  'lost, declines later': { act: becomes('pending_decline'), answer: lost },
  'slow, charges and answers': { act: becomes('pending'), answer: null },
};

const PIX_OUTCOMES: Readonly<Record<string, Outcome>> = {
  code: { act: makeCode, answer: accepted('pendente') },
  'code, answer lost': { act: makeCode, answer: lost },
  refused: { act: becomes('nothing'), answer: { kind: 'refused', failure: 'invalid' } },
  lost: { act: becomes('nothing'), answer: lost },
};

/** Returns the possible outcomes of a request in a scenario. A Pix of a paid order is always refused. */
export function outcomesOf(world: World, id: number, scenario: Scenario): [string, Outcome][] {
  const isCard = rowOf(world, id).kind === 'credit_card';
  if (!isCard && world.appmax.view.paid > 0) return [['refused', PIX_OUTCOMES['refused']!]];
  const outcomes = Object.entries(isCard ? CARD_OUTCOMES : PIX_OUTCOMES);
  return outcomes.filter(([name]) => scenario.outcomes.includes(name));
}
