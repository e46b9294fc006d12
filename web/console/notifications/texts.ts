import type { TextTable } from '../../shared/texts';

/** The texts of the notifications' list and detail: Portuguese, then English. */
export const NOTIFICATION_TEXTS = {
  notifications: ['Notificações', 'Notifications'],
  notification: ['Notificação {id}', 'Notification {id}'],
  endpoints: ['Endpoints', 'Endpoints'],
  endpoint: ['Endpoint', 'Endpoint'],
  endpointId: ['Endpoint nº', 'Endpoint id'],
  type: ['Tipo', 'Type'],
  state: ['Situação', 'State'],
  order: ['Pedido', 'Order'],
  orderId: ['Nº do pedido', 'Order id'],
  shop: ['Loja', 'Shop'],
  attempts: ['Tentativas', 'Attempts'],
  createdAt: ['Criada em', 'Created'],
  deliveredAt: ['Entregue em', 'Delivered'],
  lastAttemptAt: ['Última tentativa', 'Last attempt'],
  nextAttemptAt: ['Próxima tentativa', 'Next attempt'],
  lastStatus: ['Última resposta', 'Last answer'],
  lastError: ['Último erro', 'Last error'],
  messageId: ['webhook-id', 'webhook-id'],
  delivery: ['Entrega', 'Delivery'],
  payload: ['Conteúdo enviado', 'What is sent'],
  actions: ['Ações', 'Actions'],
  waitsForEarlier: [
    'Espera a anterior do mesmo pedido.',
    'It waits for the one before it of the same order.',
  ],
  noNotifications: [
    'Nenhuma notificação ainda. Crie um endpoint, e cada mudança é enviada a ele.',
    'There are no notifications yet. Make an endpoint, and each change is sent to it.',
  ],
  replay: ['Enviar de novo', 'Send again'],
  replayText: [
    'O servidor da loja recebe de novo a mesma notificação, com o mesmo webhook-id: quem já a processou pode ignorá-la.',
    'The shop’s backend gets the same notification again, with the same webhook-id: it can ignore what it has processed.',
  ],
  replayDisabled: [
    'O endpoint está desativado: o envio só acontece depois que ele for ativado.',
    'The endpoint is disabled: nothing is sent until it is enabled.',
  ],
  replayed: ['A notificação vai ser enviada agora.', 'The notification is being sent.'],
  replayFailed: ['Reenviar as que falharam…', 'Send the failed ones again…'],
  replayFailedTitle: ['Reenviar notificações que falharam', 'Send failed notifications again'],
  replayChosen: ['Reenviar {count}', 'Send {count} again'],
  replayAll: ['Marcar todas', 'Select all'],
  replayNone: ['Escolha ao menos uma.', 'Choose at least one.'],
  replayLoaded: [
    'Aqui estão as que falharam e foram carregadas na lista.',
    'These are the failed ones that the list has loaded.',
  ],
  replaying: ['Reenviando {count} de {total}', 'Sending again {count} of {total}'],
  replayedMany: ['Notificações a caminho: {count}.', 'Notifications on their way: {count}.'],
} as const satisfies TextTable;

/** The types and states of notifications, in the words of an operator. */
export const NOTIFICATION_TERMS = {
  'order.status_changed': ['Status do pedido mudou', 'Order status changed'],
  'refund.confirmed': ['Estorno confirmado', 'Refund confirmed'],
  'refund.denied': ['Estorno negado', 'Refund denied'],
  'session.completed': ['Link de pagamento pago', 'Payment link paid'],
  'session.expired': ['Link de pagamento vencido', 'Payment link expired'],
  'installation.created': ['Loja instalada', 'Shop installed'],
  'operation.needs_review': ['Operação precisa de revisão', 'Operation needs review'],
  new: ['na fila', 'queued'],
  failing: ['falhando', 'failing'],
  delivered: ['entregue', 'delivered'],
} as const satisfies TextTable;

/** The texts of the endpoints: Portuguese, then English. */
export const ENDPOINT_TEXTS = {
  endpoints: ['Endpoints', 'Endpoints'],
  endpoint: ['Endpoint {id}', 'Endpoint {id}'],
  notifications: ['Notificações', 'Notifications'],
  itsNotifications: ['Ver as notificações deste endpoint', 'Show the notifications of this endpoint'],
  url: ['Endereço (URL)', 'Address (URL)'],
  shop: ['Loja', 'Shop'],
  shopHint: ['Vazio: todas as lojas.', 'Empty: all shops.'],
  allShops: ['todas as lojas', 'all shops'],
  state: ['Situação', 'State'],
  createdAt: ['Criado em', 'Created'],
  disabledAt: ['Desativado em', 'Disabled'],
  failingSince: ['Falhando desde', 'Failing since'],
  previousSecret: ['Segredo anterior vale até', 'Previous secret is valid until'],
  data: ['Dados do endpoint', 'Endpoint'],
  events: ['Eventos', 'Events'],
  allEvents: ['todos', 'all'],
  everyEvent: ['Todos, também os que vierem a existir', 'All, also those that are added later'],
  chosenEvents: ['Só os marcados', 'Only those that are checked'],
  eventsProblem: ['Marque ao menos um evento.', 'Check at least one event.'],
  changeEvents: ['Mudar os eventos', 'Change the events'],
  changeEventsText: [
    'Vale para as mudanças a partir de agora. O que já está na fila ainda é enviado.',
    'It is valid for changes from now on. What is queued already is still sent.',
  ],
  eventsChanged: ['Os eventos do endpoint foram mudados.', 'The events of the endpoint were changed.'],
  actions: ['Ações', 'Actions'],
  enabled: ['ativo', 'enabled'],
  failing: ['falhando', 'failing'],
  disabled: ['desativado', 'disabled'],
  disabledFailing: [
    'Desativado porque falhou por três dias. Corrija o servidor da loja, envie um evento de teste e ative de novo: o que ficou pendente nos últimos 30 dias é enviado na ordem.',
    'Disabled because it failed for three days. Mend the shop’s backend, send a test event, then enable it: what it missed in the last 30 days is sent in order.',
  ],
  disabledOperator: [
    'Desativado por um operador. Ao ativar, o que ficou pendente nos últimos 30 dias é enviado na ordem.',
    'Disabled by an operator. When it is enabled, what it missed in the last 30 days is sent in order.',
  ],
  isFailing: [
    'Nada foi aceito desde {time}. Depois de três dias assim, o endpoint é desativado.',
    'It has accepted nothing since {time}. After three days, the endpoint is disabled.',
  ],
  fromEnvironment: [
    'Este endpoint vem das variáveis NOTIFY_URL e NOTIFY_SECRET: endereço e segredo mudam lá.',
    'This endpoint is set by NOTIFY_URL and NOTIFY_SECRET: its address and secret are changed there.',
  ],
  noEndpoints: [
    'Nenhum endpoint ainda. Crie um para que o servidor da loja seja avisado de cada mudança.',
    'There are no endpoints yet. Make one, and the shop’s backend is told of each change.',
  ],
  create: ['Criar endpoint', 'Make an endpoint'],
  createText: [
    'O endereço recebe um POST assinado para cada evento, a partir de agora.',
    'The address gets a signed POST for each event, from now on.',
  ],
  created: ['O endpoint {id} foi criado.', 'Endpoint {id} was made.'],
  urlHint: ['Precisa ser https e público.', 'It must be https and public.'],
  urlProblem: ['Digite um endereço que comece com https://', 'Enter an address that begins with https://'],
  secret: ['Segredo para verificar as assinaturas', 'Secret for verifying signatures'],
  secretOnce: [
    'Copie o segredo agora: ele não é mostrado de novo.',
    'Copy the secret now: it is not shown again.',
  ],
  change: ['Mudar o endereço', 'Change the address'],
  changeText: [
    'As próximas notificações vão para o novo endereço, também as que estão na fila.',
    'Notifications go to the new address from now on, also those that are queued.',
  ],
  changed: ['O endereço agora é {url}.', 'The address is now {url}.'],
  enable: ['Ativar de novo', 'Enable again'],
  enableText: [
    'O que ficou pendente é enviado agora, na ordem de cada pedido.',
    'What it has missed is sent now, in the order of each order.',
  ],
  enabledNow: ['O endpoint está ativo.', 'The endpoint is enabled.'],
  disable: ['Desativar', 'Disable'],
  disableText: [
    'Nada mais é enviado a ele. O que ele perder fica guardado por 30 dias e é enviado quando for ativado.',
    'Nothing is sent to it any more. What it misses is kept for 30 days, and sent when it is enabled.',
  ],
  disabledNow: ['O endpoint está desativado.', 'The endpoint is disabled.'],
  test: ['Enviar evento de teste', 'Send a test event'],
  testText: [
    'Um evento do tipo endpoint.test é enviado uma vez, agora. Também funciona com o endpoint desativado.',
    'An event of the type endpoint.test is sent once, now. It is sent to a disabled endpoint, too.',
  ],
  testDelivered: ['Entregue: o servidor respondeu {status}.', 'Delivered: the answer was {status}.'],
  testFailed: ['Não foi entregue: {error}', 'It was not delivered: {error}'],
  rotate: ['Trocar o segredo', 'Rotate the secret'],
  rotateText: [
    'Um novo segredo é criado. Por 24 horas as notificações levam as duas assinaturas, a nova e a anterior: troque o segredo no servidor da loja nesse prazo.',
    'A new secret is made. For 24 hours notifications have two signatures, of the new and of the previous secret: change it at the shop’s backend within that time.',
  ],
  rotated: ['O segredo foi trocado.', 'The secret was rotated.'],
  remove: ['Excluir', 'Delete'],
  removeText: [
    'O que não foi entregue não será mais enviado. Isto não pode ser desfeito.',
    'What was not delivered is not sent any more. This can’t be undone.',
  ],
  removed: ['O endpoint foi excluído.', 'The endpoint was deleted.'],
} as const satisfies TextTable;

/** Why an attempt failed, by the text of the API. */
export const FAILURE_TEXTS = {
  'the address is not public': ['o endereço não é público', 'the address is not public'],
  'the name has no address': ['o domínio não existe no DNS', 'the name has no address'],
  'the connection was refused': ['a conexão foi recusada', 'the connection was refused'],
  'no answer within 10 s': ['sem resposta em 10 s', 'no answer within 10 s'],
  'redirects are not followed': [
    'o servidor redireciona, e redirecionamentos não são seguidos',
    'redirects are not followed',
  ],
} as const satisfies TextTable;
