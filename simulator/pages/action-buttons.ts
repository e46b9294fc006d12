import { type Order } from '../orders/order';
import { type OrderAction, possibleActions } from '../orders/order-actions';
import { isPaid } from '../orders/order-status';
import { type Html, html } from './html';
import { field } from './parts';

interface Wording {
  /** Who does it. */
  readonly actor: string;
  /** What becomes of the order. */
  readonly effect?: string;
  /** Whether it is the step that one is most likely to want. */
  readonly primary?: true;
}

const wordings: Readonly<Record<OrderAction, Wording>> = {
  pay: { actor: 'The shopper', effect: '→ aprovado', primary: true },
  expire: { actor: 'Time' },
  overdue: { actor: 'Time' },
  approve: { actor: 'Anti-fraud', effect: '→ aprovado', primary: true },
  refuse: { actor: 'Anti-fraud', effect: '→ recusado_por_risco' },
  settle: { actor: 'Appmax', effect: 'can be refunded from then on' },
  'await-integration': { actor: 'The store', effect: '→ pendente_integracao' },
  integrate: { actor: 'The store', effect: '→ integrado' },
  review: { actor: 'Refunds', effect: '→ pendente_integracao_em_analise' },
  refund: { actor: 'Refunds', effect: '→ estornado' },
  'partial-refund': { actor: 'Refunds', effect: 'what was asked for, or half' },
  'deny-refund': { actor: 'Refunds', effect: 'the oldest open request' },
  chargeback: { actor: 'Chargeback', effect: '→ chargeback_em_tratativa' },
  'chargeback-dispute': { actor: 'Chargeback', effect: '→ chargeback_em_disputa' },
  'chargeback-win': { actor: 'Chargeback', effect: '→ chargeback_vencido' },
  'chargeback-lose': { actor: 'Chargeback', effect: '→ chargeback_perdido' },
  'set-status': { actor: 'Appmax' },
};

/** What becomes of the order. Nothing is said where it has been through too much for it to be plain. */
function effectOf(order: Order, action: OrderAction): Html {
  const { effect } = wordings[action];
  const isPaying = action === 'pay' || action === 'approve' || action === 'refuse';
  const isInvolved = (isPaying && isPaid(order.status)) || (action === 'refund' && order.refunds.length > 0);
  return effect === undefined || isInvolved ? html`` : html` <small>${effect}</small>`;
}

function actionButton(order: Order, action: OrderAction, label: string): Html {
  const tone = wordings[action].primary === true ? 'primary' : 'plain';
  return html`<form method="post" action="/orders/${order.id}/${action}" class="inline">
    <button class="${tone}" type="submit">${label}${effectOf(order, action)}</button>
  </form>`;
}

/** A form that puts any status on an order, known to Appmax or not. */
export function statusForm(order: Order): Html {
  return html`<form method="post" action="/orders/${order.id}/set-status" class="grid">
    ${field('status', 'Any status, without a webhook', order.status)}
    <button class="plain" type="submit">Set the status</button>
  </form>`;
}

/** Buttons for all that can happen to an order next, by who does it. */
export function actionButtons(order: Order): Html {
  // A status is typed in, which a button cannot do: `statusForm` shows that action.
  const actions = possibleActions(order).filter(({ action }) => action !== 'set-status');
  if (actions.length === 0) {
    const why =
      order.payments.length === 0
        ? 'Nothing until the service asks for a payment.'
        : 'Nothing, unless the service asks for another payment.';
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
