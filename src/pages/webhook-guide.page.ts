import { markup, page } from '../common/http/page';

/** What there is to register. */
export interface WebhookGuide {
  /** Appmax's page for it. */
  readonly registerAt: string;
  /** The address that Appmax shall send to. */
  readonly webhookUrl: string;
}

/** How a merchant has Appmax tell this service what happens to orders. */
export function webhookGuidePage({ registerAt, webhookUrl }: WebhookGuide): string {
  return page('Register the webhook', [
    'Appmax tells this service what happens to orders: paid, expired, refunded, disputed.',
    markup`<ol>
      <li>Open <a href="${registerAt}">${registerAt}</a> and sign in as the merchant.</li>
      <li>Add a webhook with this address: <code>${webhookUrl}</code></li>
      <li>Choose the events of orders and payments, any content model, and save.</li>
    </ol>`,
    'Appmax sends to it by POST. An event that could not be delivered is sent again after 30 minutes, 2 hours and 4 hours.',
  ]);
}
