import { type Order } from '../../orders/order';
import { type OrderAction, possibleActions } from '../../orders/order-actions';
import { isPaid } from '../../orders/order-status';
import { type Html, html } from '../html/html';
import { field } from '../html/parts';

interface Wording {
  /** The party that performs the action. */
  readonly actor: string;
  /** The effect on the order. */
  readonly effect?: string;
  /** True for the most likely next action. */
  readonly primary?: true;
}

const wordings: Readonly<Record<OrderAction, Wording>> = {
  pay: { actor: 'The shopper', effect: '→ aprovado', primary: true },
  expire: { actor: 'Time' },
  overdue: { actor: 'Time' },
  approve: { actor: 'Anti-fraud', effect: '→ aprovado', primary: true },
  refuse: { actor: 'Anti-fraud', effect: '→ recusado_por_risco' },
  settle: { actor: 'Appmax', effect: 'can then be refunded' },
  'await-integration': { actor: 'The store', effect: '→ pendente_integracao' },
  integrate: { actor: 'The store', effect: '→ integrado' },
  review: { actor: 'Refunds', effect: '→ pendente_integracao_em_analise' },
  refund: { actor: 'Refunds', effect: '→ estornado' },
  'partial-refund': { actor: 'Refunds', effect: 'the requested amount, or half' },
  'deny-refund': { actor: 'Refunds', effect: 'the oldest open request' },
  chargeback: { actor: 'Chargeback', effect: '→ chargeback_em_tratativa' },
  'chargeback-dispute': { actor: 'Chargeback', effect: '→ chargeback_em_disputa' },
  'chargeback-win': { actor: 'Chargeback', effect: '→ chargeback_vencido' },
  'chargeback-lose': { actor: 'Chargeback', effect: '→ chargeback_perdido' },
  'set-status': { actor: 'Appmax' },
};

/** Returns the effect of an action; empty if earlier payments or refunds of the order can change it. */
function effectOf(order: Order, action: OrderAction): Html {
  const { effect } = wordings[action];
  const isPaying = action === 'pay' || action === 'approve' || action === 'refuse';
  const isUncertain = (isPaying && isPaid(order.status)) || (action === 'refund' && order.refunds.length > 0);
  return effect === undefined || isUncertain ? html`` : html` <small>${effect}</small>`;
}

function actionButton(order: Order, action: OrderAction, label: string): Html {
  const tone = wordings[action].primary === true ? 'primary' : 'plain';
  return html`<form method="post" action="/orders/${order.id}/${action}" class="inline">
    <button class="${tone}" type="submit">${label}${effectOf(order, action)}</button>
  </form>`;
}

/** Returns a form that sets any status, known to Appmax or not. */
export function statusForm(order: Order): Html {
  return html`<form method="post" action="/orders/${order.id}/set-status" class="grid">
    ${field('status', 'Any status, without a webhook', order.status)}
    <button class="plain" type="submit">Set the status</button>
  </form>`;
}

/** Returns buttons for all actions that are possible now, grouped by actor. */
export function actionButtons(order: Order): Html {
  // set-status needs a text field, which `statusForm` shows.
  const actions = possibleActions(order).filter(({ action }) => action !== 'set-status');
  if (actions.length === 0) {
    const why =
      order.payments.length === 0
        ? 'No action until the service requests a payment.'
        : 'No action, unless the service requests another payment.';
    return html`<p class="empty">${why}</p>`;
  }
  const actors = [...new Set(actions.map(({ action }) => wordings[action].actor))];
  return html`<dl class="actions">
    ${actors.map(
      (actor) =>
        html`<div>
          <dt>${actor}</dt>
          <dd class="buttons">
            ${actions
              .filter(({ action }) => wordings[action].actor === actor)
              .map(({ action, label }) => actionButton(order, action, label))}
          </dd>
        </div>`,
    )}
  </dl>`;
}
