import { isPaid } from '../../../orders';
import { decide, judgeClosing, openCodeOf } from './decide';
import { applyEffect, type Effect, type Step } from './effect';
import { isRefusalOf, judgeCharge, judgeCode, judgeRefund, judgeSettledRefund } from './judge';
import type { Operation, OperationState, OrderReading, Sale } from './operation';
import {
  isCharge,
  isCode,
  isPayment,
  isRefund,
  isRefusedStatus,
  isUnderWay,
  RULES,
  type Rules,
  wasSent,
} from './rules';
import type { OperationAnswer, SaleEvent } from './sale-event';

/** Applies an event to a sale. Only this function decides changes of an operation's state. */
export function transition(sale: Sale, event: SaleEvent, rules: Rules = RULES): Step {
  const effects = effectsOf(sale, event, rules);
  return { sale: effects.reduce(applyEffect, sale), effects };
}

function effectsOf(sale: Sale, event: SaleEvent, rules: Rules): Effect[] {
  if (event.type === 'asked') return askedEffects(sale, event, rules);
  if (event.type === 'close') return closingEffects(sale, event.reading, rules);
  if (event.type === 'read') return readEffects(sale, event.reading, rules);
  const operation = sale.operations.find(({ id }) => id === event.id);
  if (operation === undefined) return [];
  switch (event.type) {
    case 'fence':
      return mayPassFence(sale, operation, event.token, rules) ? [update(operation, 'sent')] : [];
    case 'withdrawn':
      return operation.state === 'sent' && operation.leaseToken === event.token
        ? [update(operation, 'prepared')]
        : [];
    case 'answered':
      return answerEffects(sale, operation, event.answer, rules);
    case 'failed':
      return isUnderWay(operation)
        ? [{ ...update(operation, rules.afterFailure(operation)), failure: event.failure }]
        : [];
    case 'lease_over':
      return isUnderWay(operation) && operation.leaseOver
        ? [{ ...update(operation, rules.afterLease(operation)), failure: 'lease over' }]
        : [];
    case 'resolved':
      return resolutionEffects(sale, operation, event.outcome, rules);
  }
}

const update = (operation: Operation, to: OperationState): Effect & { type: 'update' } => ({
  type: 'update',
  id: operation.id,
  from: operation.state,
  to,
});

function mayPassFence(sale: Sale, operation: Operation, token: string, rules: Rules): boolean {
  if (!rules.maySend(operation, token)) return false;
  if (!isPayment(operation)) return true;
  if (!rules.takesPayments(sale)) return false;
  if (openCodeOf(sale, operation.kind, sale.orderStatus, rules) !== undefined) return false;
  return !rules.isPaidFor(sale) && (operation.kind === 'upsell' || rules.isPayable(sale.orderStatus));
}

function answerEffects(sale: Sale, operation: Operation, answer: OperationAnswer, rules: Rules): Effect[] {
  if (answer.kind === 'accepted') {
    // An accepted charge counts even if it was judged otherwise meanwhile. A lost code may have been replaced already.
    const isAwaited = operation.state === 'sent' || operation.state === 'unknown';
    const isMisjudged = operation.state === 'not_done' || operation.state === 'declined';
    if (!isAwaited && !(isMisjudged && isCharge(operation))) return [];
    // Accepted first, and refused by later evidence: the refusal is newer.
    if (operation.state === 'declined') return [{ ...update(operation, 'done'), superseded: true }];
    const to = rules.afterAcceptance(operation, answer.status);
    const effects = [
      update(operation, to),
      ...acceptanceEffects(sale, operation, { to, status: answer.status }, rules),
    ];
    if (isCode(operation)) effects.push({ type: 'prove_status', status: 'pendente' });
    return effects;
  }
  if (operation.state !== 'sent' && operation.state !== 'unknown') return [];
  switch (answer.kind) {
    case 'declined': {
      const effects: Effect[] = [update(operation, 'declined')];
      if (answer.status !== null && isRefusedStatus(answer.status))
        effects.push({ type: 'prove_status', status: answer.status });
      return effects;
    }
    case 'refused':
      return [{ ...update(operation, 'refused'), failure: answer.failure }];
    case 'lost':
      return operation.state === 'unknown'
        ? []
        : [{ ...update(operation, rules.afterLostAnswer()), failure: answer.failure }];
  }
}

/** The effects of an accepted operation on its sale. @param status the order's; null if the answer has none. */
function acceptanceEffects(
  sale: Sale,
  operation: Operation,
  { to, status }: { to: 'done' | 'declined'; status: string | null },
  rules: Rules,
): Effect[] {
  const effects: Effect[] = [];
  if (to === 'done' && isCharge(operation) && rules.isPaidFor(sale))
    effects.push({ type: 'paid_twice', id: operation.id });
  if (isCharge(operation) && operation.kind !== 'upsell')
    effects.push({ type: 'prove_status', status: rules.acceptedStatus(status) });
  return effects;
}

/** Applies expired leases and the reading to the sale, then decides about the request. */
function askedEffects(sale: Sale, asked: SaleEvent & { type: 'asked' }, rules: Rules): Effect[] {
  const effects = currentEffects(sale, asked.reading, rules);
  const current = effects.reduce(applyEffect, sale);
  return [...effects, { type: 'decide', decision: decide(current, asked, rules) }];
}

/** Applies expired leases and the reading to the sale, then closes it if it can't be paid any more. */
function closingEffects(sale: Sale, reading: OrderReading | null, rules: Rules): Effect[] {
  const effects = currentEffects(sale, reading, rules);
  const verdict = judgeClosing(effects.reduce(applyEffect, sale), reading, rules);
  const closing: Effect[] = verdict === 'closed' ? [{ type: 'close' }] : [];
  return [...effects, ...closing, { type: 'judge_closing', verdict }];
}

/** The effects of expired leases and of a reading. */
function currentEffects(sale: Sale, reading: OrderReading | null, rules: Rules): Effect[] {
  const expired = sale.operations
    .filter(({ leaseOver }) => leaseOver)
    .flatMap(({ id }) => effectsOf(sale, { type: 'lease_over', id }, rules));
  return [...expired, ...readEffects(expired.reduce(applyEffect, sale), reading, rules)];
}

function resolutionEffects(
  sale: Sale,
  operation: Operation,
  outcome: 'done' | 'not_done',
  rules: Rules,
): Effect[] {
  if (outcome === 'not_done' && !rules.mayBeResolvedAsNotDone(operation)) return [];
  if (operation.state === 'unknown') {
    const proven =
      outcome === 'done' ? acceptanceEffects(sale, operation, { to: 'done', status: null }, rules) : [];
    return [update(operation, outcome), ...proven];
  }
  if (operation.state !== 'done') return [];
  if (isRefund(operation)) return [update(operation, outcome === 'done' ? 'confirmed' : 'denied')];
  // An accepted charge that Appmax never shows blocks its sale until a person settles it as not done.
  return outcome === 'not_done' && isCharge(operation) && !operation.superseded
    ? [{ ...update(operation, 'done'), superseded: true }]
    : [];
}

/** Judges all operations by a reading, one after the other; each judgement uses the results of the earlier ones. */
function readEffects(sale: Sale, reading: OrderReading | null, rules: Rules): Effect[] {
  const effects: Effect[] = [];
  let current = sale;
  const add = (effect: Effect | undefined): void => {
    if (effect === undefined) return;
    effects.push(effect);
    current = applyEffect(current, effect);
  };
  for (const { id } of sale.operations) {
    const operation = current.operations.find((candidate) => candidate.id === id);
    if (operation !== undefined && rules.isAbout(operation, reading))
      add(readEffect(current, operation, reading, rules));
  }
  if (reading === null) return effects;
  add(reopening(current, reading, rules));
  const charged = current.operations.findLast(
    (operation) => isPayment(operation) && operation.state === 'done',
  );
  const isTwice = rules.isPaidTwice(current, reading) || rules.isPaidBesideCharge(current, reading);
  if (charged !== undefined && isPaid(reading.status) && isTwice) add({ type: 'paid_twice', id: charged.id });
  if (reading.status !== current.orderStatus && rules.mayApply(current, reading))
    add({ type: 'apply_status', status: reading.status });
  return effects;
}

function readEffect(
  sale: Sale,
  operation: Operation,
  reading: OrderReading | null,
  rules: Rules,
): Effect | undefined {
  if (operation.state === 'unknown') {
    const verdict = judge(sale, operation, reading, rules);
    if (verdict === 'wait') return undefined;
    return { ...update(operation, verdict), evidence: reading };
  }
  if (reading === null || operation.state !== 'done') return undefined;
  if (isRefund(operation)) return refundEffect(sale, operation, reading, rules);
  if (!isCharge(operation) || operation.superseded || !isRefusedStatus(reading.status)) return undefined;
  return isRefusalOf(operation, sale, reading, rules)
    ? { ...update(operation, 'done'), superseded: true, evidence: reading }
    : undefined;
}

function judge(
  sale: Sale,
  operation: Operation,
  reading: OrderReading | null,
  rules: Rules,
): 'done' | 'declined' | 'not_done' | 'wait' {
  if (isCode(operation)) return judgeCode(operation, sale, reading, rules);
  if (operation.kind === 'order') return rules.isLostCodeOver(operation) ? 'not_done' : 'wait';
  if (reading === null) return 'wait';
  if (operation.kind === 'upsell') return 'wait';
  return isRefund(operation)
    ? judgeRefund(operation, sale, reading, rules)
    : judgeCharge(operation, sale, reading, rules);
}

function refundEffect(
  sale: Sale,
  operation: Operation,
  reading: OrderReading,
  rules: Rules,
): Effect | undefined {
  const verdict = judgeSettledRefund(operation, sale, reading, rules);
  if (verdict === 'same') return undefined;
  return { ...update(operation, verdict === 'in_review' ? 'done' : verdict), evidence: reading };
}

/** Reopens a charge if the order is paid by its method although all such charges were settled as not made. */
function reopening(sale: Sale, reading: OrderReading, rules: Rules): Effect | undefined {
  const { status, method } = reading;
  if (!isPaid(status) || method === null || !isCharge({ kind: method })) return undefined;
  const charges = sale.operations.filter((operation) => operation.kind === method && wasSent(operation));
  const isExplained = charges.some(
    ({ state, superseded }) => (state === 'done' && !superseded) || state === 'unknown' || state === 'sent',
  );
  const late = charges.findLast((operation) => rules.mayBeReopened(operation));
  // Before that, a stale reading may show a charge that was refused since.
  const isLate = charges.every(
    (operation) => rules.isOverByAnswer(operation) || rules.mayBeJudgedUnpaid(operation),
  );
  if (isExplained || !isLate || late === undefined) return undefined;
  return { ...update(late, 'done'), superseded: false, evidence: reading };
}
