import type { TextTable } from '../../shared/texts';

/** The texts of the list of shops and of a shop: Portuguese, then English. */
export const SHOPS_TEXTS = {
  shops: ['Lojas', 'Shops'],
  shop: ['Loja', 'Shop'],
  noShops: ['Nenhuma loja instalou o aplicativo ainda.', 'No shop has installed the app yet.'],
  noShop: ['Nenhuma loja instalada tem esta chave.', 'No installed shop has this key.'],
  installPage: ['Abrir a página de instalação', 'Open the installation page'],
  credentials: ['Credenciais', 'Credentials'],
  accepted: ['Em ordem', 'In order'],
  refused: ['Recusadas pela Appmax', 'Refused by Appmax'],
  refusedSince: ['Recusadas desde {time}', 'Refused since {time}'],
  lastWebhook: ['Último webhook', 'Last webhook'],
  noWebhook: ['Nenhum recente', 'None recently'],
  quota: ['Cota de hoje', 'Quota today'],
  steps: ['Primeiros passos', 'First steps'],
  stepsDone: ['Concluídos', 'Complete'],
  stepsOpen: ['{done} de {all}', '{done} of {all}'],
  installation: ['Instalação', 'Installation'],
  externalKey: ['Chave da loja', 'Key of the shop'],
  externalId: ['Id da instalação', 'Installation id'],
  appId: ['Aplicativo', 'App'],
  installedAt: ['Instalada em', 'Installed'],
  firstInstalledAt: ['Primeira instalação', 'First installed'],
  quotaText: [
    'As cotas recomeçam à meia-noite UTC (21h em Brasília).',
    'The quotas start again at midnight UTC (9 pm in Brasília).',
  ],
  reads: ['Consultas de rotina à Appmax: {used} de {limit}', 'Background reads at Appmax: {used} of {limit}'],
  calls: [
    'Chamadas causadas por compradores: {used} de {limit}',
    'Calls caused by shoppers: {used} of {limit}',
  ],
  see: ['Desta loja', 'Of this shop'],
  stepDone: ['Feito', 'Done'],
  stepOpen: ['Pendente', 'Open'],
  credentials_accepted: ['A Appmax aceita as credenciais', 'Appmax accepts the credentials'],
  credentials_acceptedHelp: [
    'O lojista desinstalou o aplicativo ou as credenciais foram trocadas. Até que ele instale de novo, os compradores não conseguem pagar. A nova instalação começa em GET /install/start, com uma chave que tenha a permissão “manage”; os pedidos e o histórico continuam aqui.',
    'The merchant has uninstalled the app, or the credentials have changed. Until the merchant installs it again, shoppers can’t pay. A new installation starts at GET /install/start, with a key that has the scope “manage”; orders and history stay.',
  ],
  has_order: ['A loja tem um pedido', 'The shop has an order'],
  has_orderHelp: [
    'Crie um link de pagamento, ou um pedido pelo checkout da loja, para testar.',
    'Make a payment link, or an order in the checkout of the shop, as a test.',
  ],
  has_paid_order: ['Um pedido foi pago', 'An order was paid'],
  has_paid_orderHelp: [
    'Pague um pedido de teste. O pagamento aparece aqui em cerca de um minuto.',
    'Pay a test order. The payment appears here within about a minute.',
  ],
  has_recent_webhook: ['A Appmax envia webhooks', 'Appmax sends webhooks'],
  has_recent_webhookHelp: [
    'Nenhum dos 10.000 webhooks mais recentes é desta loja. Isso é normal em uma loja sem vendas recentes. Se ela vende, confira no painel da Appmax o endereço dos webhooks.',
    'None of the newest 10,000 webhooks is of this shop. That is usual for a shop without recent sales. If it sells, check the address of the webhooks at Appmax.',
  ],
  addresses: ['Ver os endereços a cadastrar na Appmax', 'See the addresses to register at Appmax'],
} as const satisfies TextTable;
