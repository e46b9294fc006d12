import { type Merchant } from '../../merchants/merchant';
import { type Html, html } from '../html/html';
import { badge, button, choice, field, table, time } from '../html/parts';

function merchantRow(merchant: Merchant): Html[] {
  const path = `/merchants/${encodeURIComponent(merchant.externalKey)}`;
  return [
    html`<strong>${merchant.storeName}</strong>`,
    html`<span class="code">${merchant.externalKey}</span>`,
    merchant.installedAt === null ? badge('not installed') : time(merchant.installedAt),
    html`<form method="post" action="${path}" class="inline">
      ${choice('api', '', ['default', 'g1', 'g2'], merchant.api ?? 'default')}
      <button class="plain" type="submit">Save</button>
    </form>`,
    html`<span class="code">${merchant.externalId ?? '–'}</span>`,
    merchant.installedAt === null ? html`` : button(`${path}/uninstall`, 'Uninstall'),
  ];
}

/** New credentials, shown once. */
export interface NewCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The page of merchants, with a form that installs one without the installation flow. */
export function merchantsPage(merchants: readonly Merchant[], created?: NewCredentials): Html {
  const credentials =
    created === undefined
      ? html``
      : html`<p class="notice">
          client_id <span class="code">${created.clientId}</span><br />
          client_secret <span class="code">${created.clientSecret}</span>
        </p>`;
  return html`${credentials}
    ${table(
      [
        { heading: 'Store' },
        { heading: 'external_key' },
        { heading: 'Installed' },
        { heading: 'API answers' },
        { heading: 'external_id' },
        { heading: '' },
      ],
      merchants.map(merchantRow),
      'No merchant yet. Install one through the service, or below.',
    )}
    <section class="card">
      <h2>Install a merchant directly</h2>
      <p class="note">
        For your own calls to this simulator. The credentials are shown once. The service is not notified.
      </p>
      <form method="post" action="/merchants" class="grid">
        ${field('external_key', 'external_key', 'minha-loja')}
        <button class="primary" type="submit">Install</button>
      </form>
    </section>`;
}
