import { markup, page } from '../common/http/page';

/** Data of the page that explains how to register the webhook. */
export interface WebhookGuide {
  /** Address of the page at Appmax where webhooks are registered. */
  readonly registerAt: string;
  /** The address to which Appmax must send webhooks. */
  readonly webhookUrl: string;
  /** True if the address needs a token that this reader may not see. */
  readonly hidesToken: boolean;
}

/** Renders the page that explains how to register the webhook at Appmax. */
export function webhookGuidePage({ registerAt, webhookUrl, hidesToken }: WebhookGuide): string {
  return page('Register the webhook', [
    'Appmax sends a webhook to this service when an order is paid, expires, is refunded or is disputed.',
    markup`<ol>
      <li>Open <a href="${registerAt}">${registerAt}</a> and sign in as the merchant.</li>
      <li>Add a webhook with this address: <code>${webhookUrl}</code></li>
      <li>Select the events of orders and payments and any content model, then save.</li>
    </ol>`,
    ...(hidesToken
      ? [
          markup`<p>Append <code>?token=</code> and the value of <code>WEBHOOK_TOKEN</code> to this address. To see the complete address, request this page with the header <code>Authorization: Bearer</code> and a secret key.</p>`,
        ]
      : []),
    'Appmax sends each event by POST. If it cannot be delivered, Appmax sends it again after 30 minutes, 2 hours and 4 hours.',
  ]);
}
