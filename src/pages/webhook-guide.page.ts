import { copyBox, markup, page } from '../common/http/page';
import type { Language } from '../common/http/preferences';
import { keyForm } from './key-form';

/** Data of the page that explains how to register the webhook. */
export interface WebhookGuide {
  /** Address of the page at Appmax where webhooks are registered. */
  readonly registerAt: string;
  /** The address to which Appmax must send webhooks. */
  readonly webhookUrl: string;
  /** True if the address needs a token that this reader may not see. */
  readonly hidesToken: boolean;
}

const TEXTS = {
  'pt-BR': {
    title: 'Registrar o webhook',
    intro:
      'A Appmax envia um webhook a este serviço quando um pedido é pago, vence, é estornado ou contestado.',
    open: 'Abra este endereço e entre com a conta do lojista:',
    add: 'Adicione um webhook com este endereço:',
    address: 'Endereço do webhook',
    events: 'Selecione os eventos de pedidos e pagamentos e qualquer modelo de conteúdo, e salve.',
    repeats:
      'A Appmax envia cada evento por POST. Se ele não for entregue, ela tenta de novo após 30 minutos, 2 horas e 4 horas.',
    token: 'O endereço completo tem um token',
    append:
      'Acrescente ?token= e o valor de WEBHOOK_TOKEN ao endereço acima, ou informe uma chave secreta para ver o endereço completo.',
  },
  en: {
    title: 'Register the webhook',
    intro:
      'Appmax sends a webhook to this service when an order is paid, expires, is refunded or is disputed.',
    open: 'Open this address and sign in as the merchant:',
    add: 'Add a webhook with this address:',
    address: 'Address of the webhook',
    events: 'Select the events of orders and payments and any content model, then save.',
    repeats:
      'Appmax sends each event by POST. If it cannot be delivered, Appmax sends it again after 30 minutes, 2 hours and 4 hours.',
    token: 'The complete address has a token',
    append:
      'Append ?token= and the value of WEBHOOK_TOKEN to the address above, or give a secret key to see the complete address.',
  },
} as const;

/** Renders the page that explains how to register the webhook at Appmax. */
export function webhookGuidePage(
  { registerAt, webhookUrl, hidesToken }: WebhookGuide,
  language: Language = 'en',
): string {
  const texts = TEXTS[language];
  const content = [
    texts.intro,
    markup`<ol class="steps">
      <li>${texts.open} <a href="${registerAt}">${registerAt}</a></li>
      <li>${texts.add} ${copyBox('webhook-url', texts.address, webhookUrl, language)}</li>
      <li>${texts.events}</li>
    </ol>`,
    markup`<p class="hint">${texts.repeats}</p>`,
    ...(hidesToken
      ? [
          markup`<section class="card"><h2>${texts.token}</h2><p>${texts.append}</p>${keyForm(language)}</section>`,
        ]
      : []),
  ];
  return page(texts.title, content, language, { query: {} });
}
