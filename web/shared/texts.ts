/** The languages of all pages. */
export const LANGUAGES = ['pt-BR', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Every text of the pages: Portuguese, then English. `{name}` stands for a value. */
export const TEXTS = {
  loading: ['Carregando…', 'Loading…'],
  payTitle: ['Pagamento', 'Payment'],
  summary: ['Resumo do pedido', 'Order summary'],
  subtotal: ['Subtotal', 'Subtotal'],
  shipping: ['Frete', 'Shipping'],
  discount: ['Desconto', 'Discount'],
  interest: ['Juros do parcelamento', 'Instalment interest'],
  total: ['Total', 'Total'],
  quantity: ['{count} × {price}', '{count} × {price}'],
  freeShipping: ['Grátis', 'Free'],
  cancel: ['Voltar para a loja', 'Back to the shop'],
  yourData: ['Seus dados', 'Your details'],
  knownData: ['Dados informados pela loja', 'Details given by the shop'],
  firstName: ['Nome', 'First name'],
  lastName: ['Sobrenome', 'Last name'],
  email: ['E-mail', 'E-mail'],
  phone: ['Celular com DDD', 'Mobile phone with area code'],
  document: ['CPF ou CNPJ', 'CPF or CNPJ'],
  documentHint: [
    'O documento de quem paga. Só os números bastam.',
    'The Brazilian tax number of the payer. Digits are enough.',
  ],
  changeData: ['Alterar meus dados', 'Change my details'],
  methods: ['Forma de pagamento', 'Payment method'],
  credit_card: ['Cartão de crédito', 'Credit card'],
  pix: ['Pix', 'Pix'],
  boleto: ['Boleto', 'Boleto'],
  pixHint: ['Aprovação na hora', 'Approved within seconds'],
  boletoHint: ['Compensa em até 3 dias úteis', 'Clears within 3 business days'],
  cardHint: ['Em até {count}×', 'Up to {count} instalments'],
  cardNumber: ['Número do cartão', 'Card number'],
  cardName: ['Nome impresso no cartão', 'Name on the card'],
  cardExpiry: ['Validade (MM/AA)', 'Expiry (MM/YY)'],
  cardCode: ['Código de segurança', 'Security code'],
  cardCodeHint: [
    'Os 3 números no verso; no Amex, os 4 da frente.',
    'The 3 digits on the back; on Amex the 4 on the front.',
  ],
  holderDocument: ['CPF ou CNPJ do titular', 'CPF or CNPJ of the cardholder'],
  installments: ['Parcelas', 'Instalments'],
  plan: ['{count}× de {value}, total {total}', '{count} × {value}, total {total}'],
  planFree: ['{count}× de {value} sem juros', '{count} × {value} without interest'],
  planOnce: ['À vista: {total}', 'In full: {total}'],
  planMissing: ['{count}×', '{count}×'],
  choosePlan: ['Escolha as parcelas', 'Choose the instalments'],
  payTotal: ['Pagar {total}', 'Pay {total}'],
  makePix: ['Gerar Pix de {total}', 'Create Pix for {total}'],
  makeBoleto: ['Gerar boleto de {total}', 'Create boleto for {total}'],
  working: ['Processando…', 'Processing…'],
  secureCard: [
    'O cartão vai direto para a Appmax. A loja não vê os dados dele.',
    'The card goes straight to Appmax. The shop never sees it.',
  ],
  pixTitle: ['Pague com Pix', 'Pay with Pix'],
  pixSteps: [
    'Abra o app do seu banco, escolha pagar com Pix e leia o código, ou copie e cole.',
    'Open your bank’s app, choose to pay by Pix, and scan the code, or copy and paste it.',
  ],
  pixAlt: ['QR code do Pix', 'QR code of the Pix'],
  pixCode: ['Pix copia e cola', 'Pix code'],
  copy: ['Copiar', 'Copy'],
  copied: ['Copiado', 'Copied'],
  copyFailed: ['Selecione o texto e copie', 'Select the text and copy it'],
  expiresIn: ['Vence em {time}', 'Expires in {time}'],
  waiting: ['Aguardando o pagamento', 'Waiting for the payment'],
  waitingHint: [
    'Esta página avisa sozinha quando o pagamento chegar.',
    'This page shows the payment as soon as it arrives.',
  ],
  pixExpired: ['Este código Pix venceu.', 'This Pix code has expired.'],
  newPix: ['Gerar novo código', 'Create a new code'],
  otherMethod: ['Escolher outra forma de pagamento', 'Choose another payment method'],
  boletoTitle: ['Seu boleto', 'Your boleto'],
  boletoLine: ['Linha digitável', 'Boleto number'],
  boletoAlt: ['Código de barras do boleto', 'Barcode of the boleto'],
  boletoPdf: ['Abrir o PDF', 'Open the PDF'],
  boletoDue: ['Vencimento: {date}', 'Due date: {date}'],
  boletoWait: [
    'Depois de pago, o banco leva até 3 dias úteis para confirmar. Você já pode fechar esta página.',
    'Once paid, the bank takes up to 3 business days to confirm. You can close this page.',
  ],
  paidTitle: ['Pagamento aprovado', 'Payment approved'],
  paidText: [
    'Recebemos o seu pagamento. Você não precisa fazer mais nada.',
    'Your payment has arrived. There is nothing more to do.',
  ],
  orderNumber: ['Pedido {id}', 'Order {id}'],
  backToShop: ['Continuar na loja', 'Continue to the shop'],
  redirecting: ['Você volta para a loja em instantes.', 'You return to the shop in a moment.'],
  expiredTitle: ['Este link de pagamento venceu', 'This payment link has expired'],
  expiredText: [
    'Peça um novo link à loja. Se você já pagou um Pix ou boleto, não pague de novo: fale com a loja.',
    'Ask the shop for a new link. If you have paid a Pix or boleto already, do not pay again: talk to the shop.',
  ],
  unknownTitle: ['Link de pagamento não encontrado', 'Payment link not found'],
  unknownText: [
    'Confira se o endereço está completo, ou peça um novo link à loja.',
    'Check that the address is complete, or ask the shop for a new link.',
  ],
  checkingTitle: ['Confirmando o pagamento', 'Confirming the payment'],
  checkingText: [
    'Ainda não sabemos se o pagamento foi aprovado. Não pague de novo: esta página mostra o resultado assim que ele chegar.',
    'We do not know yet whether the payment was approved. Do not pay again: this page shows the result as soon as it arrives.',
  ],
  offline: [
    'Sem conexão com a internet. Ainda não sabemos se o pagamento chegou, e nada do que você digitou se perdeu. Não pague de outra forma: quando a conexão voltar, tente de novo aqui, que o mesmo pagamento é repetido sem cobrar duas vezes.',
    'You are offline. We do not know yet whether the payment arrived, and nothing that you typed is lost. Do not pay in another way: once you are online, try again here; the same payment is repeated and never charged twice.',
  ],
  retry: ['Tentar de novo', 'Try again'],
  loadFailed: [
    'Não foi possível carregar o pagamento. Verifique a conexão e tente de novo.',
    'The payment could not be loaded. Check your connection and try again.',
  ],
  unconfirmed: [
    'Não conseguimos confirmar o pagamento. Tente de novo aqui: o mesmo pagamento é repetido sem cobrar duas vezes.',
    'We could not confirm the payment. Try again here: the same payment is repeated and never charged twice.',
  ],
  // Mistakes in fields.
  fixFields: ['Confira os campos marcados.', 'Check the marked fields.'],
  required: ['Preencha este campo.', 'Fill in this field.'],
  badEmail: ['Confira o e-mail, como nome@exemplo.com.', 'Check the e-mail, such as name@example.com.'],
  badPhone: [
    'Informe o DDD e o número, com 10 ou 11 dígitos.',
    'Give the area code and the number, 10 or 11 digits.',
  ],
  badDocument: ['Este CPF ou CNPJ não é válido.', 'This CPF or CNPJ is not valid.'],
  badNumber: ['Confira o número do cartão.', 'Check the card number.'],
  badExpiry: ['Confira a validade, como 08/29.', 'Check the expiry, such as 08/29.'],
  pastExpiry: ['Este cartão está vencido. Use outro cartão.', 'This card has expired. Use another card.'],
  badCode: ['O código tem {count} dígitos.', 'The code has {count} digits.'],
  badField: ['Confira este campo.', 'Check this field.'],
  // Refusals, by their codes. Each says what to do next.
  payment_declined: [
    'O banco não autorizou o pagamento. Confira os dados, use outro cartão ou pague com Pix.',
    'The bank did not authorise the payment. Check the details, use another card, or pay by Pix.',
  ],
  payment_in_progress: [
    'Já existe um pagamento deste pedido em andamento. Pague o Pix ou o boleto, espere ele vencer ou escolha parcelas sem juros.',
    'Another payment of this order is under way. Pay the Pix or boleto, wait until it expires, or choose a plan without interest.',
  ],
  price_changed: [
    'O valor das parcelas mudou, e nada foi cobrado. Confira o novo total e pague de novo.',
    'The price of the instalments has changed, and nothing was charged. Check the new total, then pay again.',
  ],
  order_creation_failed: [
    'O pedido não foi registrado, e nada foi cobrado. Confira os seus dados e tente de novo.',
    'The order was not registered, and nothing was charged. Check your details and try again.',
  ],
  session_completed: [
    'Este pedido já foi pago. Não pague de novo: recarregue a página.',
    'This order is paid already. Do not pay again: reload the page.',
  ],
  order_already_paid: [
    'Este pedido já foi pago ou não aceita mais pagamento. Não pague de novo: fale com a loja.',
    'This order is paid already or takes no payment any more. Do not pay again: talk to the shop.',
  ],
  too_many_declines: [
    'Foram muitas tentativas recusadas. Espere alguns minutos ou pague com Pix.',
    'Too many payments were declined. Wait some minutes, or pay by Pix.',
  ],
  too_many_requests: [
    'Muitas tentativas seguidas. Espere um minuto e tente de novo.',
    'Too many attempts. Wait a minute, then try again.',
  ],
  card_not_tokenized: [
    'A Appmax não aceitou os dados do cartão. Confira e tente de novo, ou pague com Pix.',
    'Appmax did not accept the details of the card. Check them and try again, or pay by Pix.',
  ],
  card_token_timeout: [
    'A Appmax não respondeu a tempo, e nada foi cobrado. Recarregue a página e tente de novo, ou pague com Pix.',
    'Appmax did not answer in time, and nothing was charged. Reload the page and try again, or pay by Pix.',
  ],
  script_blocked: [
    'O pagamento com cartão não carregou. Desative o bloqueador de anúncios e tente de novo, ou pague com Pix.',
    'Paying by card did not load. Turn off ad blockers and try again, or pay by Pix.',
  ],
  installments_failed: [
    'As parcelas não carregaram. Você pode pagar à vista ou tentar de novo.',
    'The instalments did not load. You can pay in full, or try again.',
  ],
  payment_method_not_allowed: [
    'A loja não aceita esta forma de pagamento. Escolha outra.',
    'The shop does not take this payment method. Choose another one.',
  ],
  other: [
    'O pagamento não foi feito. Tente de novo em instantes ou escolha outra forma de pagamento.',
    'The payment was not made. Try again in a moment, or choose another payment method.',
  ],
} as const satisfies Record<string, readonly [string, string]>;

export type TextKey = keyof typeof TEXTS;

/** Returns the text of a key, with its values filled in. */
export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

/** Returns true if there is a text for a refusal's code. */
export function isTextKey(key: string): key is TextKey {
  return key in TEXTS;
}

/** Returns the texts of a language. */
export function textsOf(language: Language): Translate {
  return translator(TEXTS, language);
}

/** A table of texts: Portuguese, then English. */
export type TextTable = Readonly<Record<string, readonly [string, string]>>;

/** Returns the function that looks up a table's texts in a language and fills in their values. */
export function translator<Table extends TextTable>(
  table: Table,
  language: Language,
): (key: keyof Table, values?: Readonly<Record<string, string | number>>) => string {
  const column = LANGUAGES.indexOf(language);
  return (key, values = {}) =>
    (table[key]?.[column] ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
