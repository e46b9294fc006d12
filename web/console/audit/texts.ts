import type { TextTable } from '../../shared/texts';

/** The texts of the audit log: Portuguese, then English. */
export const AUDIT_TEXTS = {
  audit: ['Auditoria', 'Audit log'],
  empty: ['Nada foi feito com chaves secretas ainda.', 'Nothing was done with secret keys yet.'],
  when: ['Quando', 'When'],
  who: ['Chave', 'Key'],
  rootKey: ['Chave da configuração', 'Key of the settings'],
  command: ['Linha de comando', 'Command line'],
  action: ['Ação', 'Action'],
  byCommand: ['{action} (linha de comando)', '{action} (command line)'],
  shop: ['Loja', 'Shop'],
  subject: ['Objeto', 'Subject'],
  result: ['Resultado', 'Result'],
  done: ['Feito', 'Done'],
  refused: ['Recusado ({status})', 'Refused ({status})'],
  failed: ['Falhou ({status})', 'Failed ({status})'],
  open: ['Sem resultado', 'No result'],
  request: ['Requisição', 'Request'],
  order: ['Pedido {id}', 'Order {id}'],
  keyNumber: ['Chave nº {id}', 'Key no. {id}'],
  from: ['De', 'From'],
  to: ['Até', 'To'],
} as const satisfies TextTable;
