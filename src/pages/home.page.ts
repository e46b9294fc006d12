import { markup, page } from '../common/http/page';
import type { MissingVariable } from './missing-variables';

/** Data of the home page. */
export interface Home {
  readonly name: string;
  readonly missing: readonly MissingVariable[];
}

/** Renders the home page: what the service is, which variables are missing, and links to the other pages. */
export function homePage({ name, missing }: Home): string {
  const variables = missing.map(
    (variable) => markup`<li><code>${variable.name}</code>: without it, ${variable.without}.</li>`,
  );
  const configuration =
    missing.length === 0
      ? markup`<p>Everything is configured.</p>`
      : markup`<p>The service runs. These variables are not set yet:</p><ul>${variables}</ul>`;
  return page(name, [
    'This service sells through Appmax: merchants install it from the App Store, shoppers pay by card, Pix or boleto, and each order has the status that Appmax reports.',
    markup`<h2>Configuration</h2>${configuration}`,
    markup`<h2>Next steps</h2><ul>
      <li><a href="/install/start">Install it for a merchant</a></li>
      <li><a href="/webhooks/appmax">Register the webhook at Appmax</a></li>
      <li><a href="/docs">The API</a>, and <a href="/openapi.json">its OpenAPI document</a></li>
      <li><a href="/health">Health</a> and <a href="/health/ready">readiness</a> of the service</li>
    </ul>`,
  ]);
}
