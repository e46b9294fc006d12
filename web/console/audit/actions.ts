import type { TextTable } from '../../shared/texts';

/** The meaning of each recorded route and command: Portuguese, then English. One that is missing is shown by its address. */
export const ACTIONS = {
  'POST /console/session': ['Entrou no painel', 'Signed in to the console'],
  'DELETE /console/session': ['Saiu do painel', 'Signed out of the console'],
  'DELETE /console/sessions': ['Saiu de todos os navegadores', 'Signed out everywhere'],
  'GET /install/start': ['Iniciou uma instalação', 'Started an installation'],
  'POST /installations/:key/start': ['Gerou um link de instalação', 'Made an installation link'],
  'GET /installations/:key/merchant/token': ['Leu o token da loja', 'Read a merchant token'],
  'GET /admin/orders.csv': ['Exportou pedidos', 'Exported orders'],
  'POST /checkout/:key/order': ['Criou um pedido', 'Made an order'],
  'POST /checkout/:key/pay/credit-card': ['Pagou com cartão', 'Paid by card'],
  'POST /checkout/:key/pay/pix': ['Gerou um Pix', 'Made a Pix'],
  'POST /checkout/:key/pay/boleto': ['Gerou um boleto', 'Made a boleto'],
  'POST /checkout/:key/tokenize': ['Tokenizou um cartão', 'Tokenized a card'],
  'POST /checkout/:key/upsell': ['Vendeu um upsell', 'Sold an upsell'],
  'POST /checkout/:key/refund': ['Pediu um estorno', 'Requested a refund'],
  'POST /checkout/:key/tracking': ['Enviou o código de rastreio', 'Sent a tracking code'],
  'POST /checkout/:key/sessions': ['Criou um link de pagamento', 'Made a payment link'],
  'POST /checkout/:key/sessions/:id/expire': ['Encerrou um link de pagamento', 'Expired a payment link'],
  'POST /admin/orders/:order_id/refresh': ['Consultou a Appmax', 'Asked Appmax'],
  'POST /admin/operations/:id/resolve': ['Resolveu uma operação', 'Resolved an operation'],
  'POST /admin/webhook-events/replay': ['Reprocessou webhooks', 'Replayed webhooks'],
  'POST /admin/webhook-events/:id/replay': ['Reprocessou um webhook', 'Replayed a webhook'],
  'POST /admin/endpoints': ['Criou um destino de notificações', 'Made an endpoint'],
  'PATCH /admin/endpoints/:id': ['Alterou um destino de notificações', 'Changed an endpoint'],
  'DELETE /admin/endpoints/:id': ['Excluiu um destino de notificações', 'Deleted an endpoint'],
  'POST /admin/endpoints/:id/rotate-secret': [
    'Trocou o segredo de um destino',
    'Rotated the secret of an endpoint',
  ],
  'POST /admin/endpoints/:id/test': ['Enviou uma notificação de teste', 'Sent a test notification'],
  'POST /admin/notifications/replay': ['Reenviou notificações', 'Replayed notifications'],
  'POST /admin/notifications/:id/replay': ['Reenviou uma notificação', 'Replayed a notification'],
  'POST /admin/keys': ['Criou uma chave', 'Made a key'],
  'DELETE /admin/keys/:id': ['Revogou uma chave', 'Revoked a key'],
  'keys:create': ['Criou uma chave', 'Made a key'],
  'keys:revoke': ['Revogou uma chave', 'Revoked a key'],
} as const satisfies TextTable;

export type Action = keyof typeof ACTIONS;

export const isKnownAction = (action: string): action is Action => action in ACTIONS;

/** Returns true if the subject of an action is an order at Appmax. */
export function isAboutOrder(action: string): boolean {
  return action.startsWith('POST /checkout/:key/') || action.startsWith('POST /admin/orders/');
}
