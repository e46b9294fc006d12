import { createRequire } from 'node:module';
import { join } from 'node:path';
import { STATUS_TEXTS } from './status-texts.mjs';
import { codes, table } from './translation.mjs';

const load = createRequire(import.meta.url);
const compiled = (path) => load(join(import.meta.dirname, '..', '..', 'dist', 'src', path));
const { LIFECYCLE } = compiled('orders/status/lifecycle.js');
const { mayBecome, PAYABLE_STATUSES } = compiled('orders/status/status-rules.js');
const { stageOf } = compiled('orders/sync/sync-schedule.js');
const { OPERATION_STATES } = compiled('payments/operations/state/operation.js');
const { STATES } = compiled('checkout/sessions/session.js');
const { OUTCOMES } = compiled('webhooks/events/event-outcome.js');
const { DELIVERY_STATES } = compiled('notifications/notification-list.js');

/** Returns the parts of the page: one table for each set of statuses. */
export function statusParts(translation) {
  const header = (...words) => words.map((word) => translation.text(`header.${word}`, word));
  const yesOrNo = (is) => translation.text(is ? 'word.yes' : 'word.no', is ? 'yes' : 'no');
  const texts = (set, status) => {
    const english = STATUS_TEXTS[set][status];
    if (english === undefined) throw new Error(`status-texts.mjs has no ${set} ${status}`);
    return english.map((text, index) => translation.text(`${set}.${status}.${index}`, text));
  };
  const simple = (set, states, ...words) =>
    table(
      header(...words),
      states.map((state) => [`\`${state}\``, ...texts(set, state)]),
    );
  const orders = LIFECYCLE.map((status) => [
    `\`${status}\``,
    ...texts('order', status),
    yesOrNo(PAYABLE_STATUSES.includes(status)),
    translation.text(`stage.${stageOf(status)}`, stageOf(status)),
  ]);
  const changes = LIFECYCLE.map((status) => [
    `\`${status}\``,
    codes(LIFECYCLE.filter((next) => mayBecome(status, next))),
  ]);
  return {
    orders: table(header('status', 'meaning', 'what leads to it', 'accepts a payment', 'sync'), orders),
    changes: table(header('from', 'to'), changes),
    operations: simple('operation', OPERATION_STATES, 'state', 'meaning', 'what leads to it'),
    sessions: simple('session', STATES, 'state', 'meaning', 'what leads to it'),
    outcomes: simple('outcome', OUTCOMES, 'outcome', 'meaning', 'what leads to it'),
    deliveries: simple('delivery', DELIVERY_STATES, 'state', 'meaning', 'what leads to it'),
  };
}
