import { markup, page } from '../common/http/page';
import type { MissingVariable } from './missing-variables';

/** What the first page tells. */
export interface Home {
  readonly name: string;
  readonly missing: readonly MissingVariable[];
}

/** The page at the service's address: what this is, whether it is configured, and where to go on. */
export function homePage({ name, missing }: Home): string {
  const variables = missing.map(
    (variable) => markup`<li><code>${variable.name}</code>: without it, ${variable.without}.</li>`,
  );
  const configuration =
    missing.length === 0
      ? markup`<p>Everything is configured.</p>`
      : markup`<p>The service runs. These variables are not set yet:</p><ul>${variables}</ul>`;
  return page(name, [
    'A service that sells through Appmax: merchants install it from the App Store, shoppers pay by card, Pix and boleto, and each order has the status that Appmax gives it.',
    markup`<h2>Configuration</h2>${configuration}`,
    markup`<h2>Go on</h2><ul>
      <li><a href="/install/start">Install it for a merchant</a></li>
      <li><a href="/webhooks/appmax">Register the webhook at Appmax</a></li>
      <li><a href="/docs">The API</a>, and <a href="/openapi.json">its OpenAPI document</a></li>
      <li><a href="/health">Whether it runs</a>, and <a href="/health/ready">whether it can work</a></li>
    </ul>`,
  ]);
}
