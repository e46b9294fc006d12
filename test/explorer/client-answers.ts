import { isCode } from '../../src/payments/operations/state/rules';
import { isBlurred, paymentOf } from './appmax';
import { rowOf, withFault, withRow, type World } from './model';

/** Answers a client with the outcome of an operation, and checks that the answer is true. */
export function answerOutcome(world: World, id: number): World {
  const row = rowOf(world, id);
  switch (row.state) {
    case 'done':
      if (isCode(row)) return answerCode(world, id);
      return row.superseded ? answerUnpaid(world, id) : answerPaid(world, id);
    case 'declined':
    case 'refused':
    case 'not_done':
    case 'not_sent':
      return answerUnpaid(world, id);
    default:
      return world;
  }
}

function answerPaid(world: World, id: number): World {
  const state = paymentOf(world, id)?.state;
  return state === 'charged' || state === 'reversed' || isBlurred(world.appmax)
    ? world
    : withFault(world, 'a client was told of a charge that was never made');
}

function answerUnpaid(world: World, id: number): World {
  const payment = paymentOf(world, id);
  if (payment?.state === 'reversed') return world;
  return payment?.state === 'charged' && payment.inTime
    ? withFault(world, 'a client was charged in time but told that no money was taken')
    : withRow(world, id, { toldUnpaid: true });
}

/** Answers a client that the order is paid, and checks that the answer is true. */
export function answerPaidAlready(world: World): World {
  // A payment of another system may have been refused later.
  if (world.operations[0]?.kind !== 'order') return world;
  const { payments, view, before } = world.appmax;
  const wasPaid =
    view.paid > 0 ||
    (before?.paid ?? 0) > 0 ||
    payments.some(({ state }) => ['charged', 'reversed', 'paid'].includes(state));
  return wasPaid ? world : withFault(world, 'a client was told that an unpaid order is paid');
}

function answerCode(world: World, id: number): World {
  const payment = paymentOf(world, id);
  if (payment === undefined) return withFault(world, 'a client was shown a code that does not exist');
  if (payment.state === 'expired' && rowOf(world, id).code === 'expired')
    return withFault(world, 'a client was shown a code that is known to have expired');
  const hasOpenCharge = world.operations.some(
    ({ kind, state }) => kind === 'credit_card' && ['sent', 'unknown'].includes(state),
  );
  if (hasOpenCharge) return withFault(world, 'a client was shown a code while a charge of the sale was open');
  return {
    ...world,
    appmax: {
      ...world.appmax,
      payments: world.appmax.payments.map((other) => (other.id === id ? { ...other, shown: true } : other)),
    },
  };
}
