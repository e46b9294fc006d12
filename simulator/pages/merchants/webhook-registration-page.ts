import { type Merchant } from '../../merchants/merchant';
import { contentModels } from '../../settings/settings';
import { type Html, html } from '../html/html';
import { choice, field } from '../html/parts';
import { merchantFrame } from './merchant-frame';

/** The page on which a merchant registers the store's webhook URL. */
export function webhookRegistrationPage(
  merchants: readonly Merchant[],
  suggestedUrl: string,
  saved: boolean,
): Html {
  const notice = saved ? html`<p class="notice" role="status">Webhook salvo.</p>` : html``;
  if (merchants.length === 0) {
    return merchantFrame('Webhooks', html`<p>Nenhuma loja instalou o aplicativo ainda.</p>`);
  }
  const keys = merchants.map(({ externalKey }) => externalKey);
  return merchantFrame(
    'Webhooks',
    html`${notice}
      <p>As notificações sobre os pedidos da loja vão para esta URL, no modelo de conteúdo escolhido.</p>
      <form method="post">
        ${choice('external_key', 'Loja', keys)} ${field('url', 'URL', suggestedUrl, 'url')}
        ${choice('content_model', 'Modelo de conteúdo', contentModels, 'standard')}
        <button class="primary" type="submit">Salvar</button>
      </form>`,
  );
}
