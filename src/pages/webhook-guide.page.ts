import { markup, page } from '../common/http/page';

/** What there is to register. */
export interface WebhookGuide {
  /** Appmax's page for it. */
  readonly registerAt: string;
  /** The address that Appmax shall send to. */
  readonly webhookUrl: string;
  /** Whether the address needs a token that this reader may not see. */
  readonly hidesToken: boolean;
}

/** How a merchant has Appmax tell this service what happens to orders. */
export function webhookGuidePage({ registerAt, webhookUrl, hidesToken }: WebhookGuide): string {
  return page('Register the webhook', [
    'Appmax tells this service what happens to orders: paid, expired, refunded, disputed.',
    markup`<ol>
      <li>Open <a href="${registerAt}">${registerAt}</a> and sign in as the merchant.</li>
      <li>Add a webhook with this address: <code>${webhookUrl}</code></li>
      <li>Choose the events of orders and payments, any content model, and save.</li>
    </ol>`,
    ...(hidesToken
      ? [
          markup`<p>This address needs <code>?token=</code> and the value of <code>WEBHOOK_TOKEN</code> at its end. Ask for this page with <code>Authorization: Bearer</code> and a secret key, and it shows the whole of it.</p>`,
        ]
      : []),
    'Appmax sends to it by POST. An event that could not be delivered is sent again after 30 minutes, 2 hours and 4 hours.',
  ]);
}
