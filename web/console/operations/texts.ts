import type { TextTable } from '../../shared/texts';

/** The texts of the list of operations: Portuguese, then English. */
export const OPERATIONS_TEXTS = {
  operations: ['Operações', 'Operations'],
  operation: ['Operação', 'Operation'],
  kind: ['Tipo', 'Kind'],
  state: ['Situação', 'State'],
  order: ['Pedido', 'Order'],
  orderId: ['Nº do pedido', 'Order id'],
  sale: ['Venda', 'Sale'],
  paidTwice: ['Paga duas vezes', 'Paid twice'],
  shop: ['Loja', 'Shop'],
  sentAt: ['Enviada em', 'Sent'],
  amount: ['Valor', 'Amount'],
} as const satisfies TextTable;
