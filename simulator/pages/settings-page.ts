import { settingChoices } from '../settings/setting-choices';
import { type Settings } from '../settings/settings';
import { type Html, html } from './html';
import { choice, field } from './parts';

/** Every setting, to be changed. */
export function settingsPage(settings: Settings): Html {
  const values: Readonly<Record<string, string | number | boolean | null>> = settings;
  const fields = settingChoices().map(([key, offered]) => {
    const value = values[key];
    const text = String(value ?? '');
    if (offered.kind === 'options') return choice(key, key, offered.options, text);
    return field(key, key, text, offered.kind === 'number' ? 'number' : 'text');
  });
  return html`<form method="post" action="/settings" class="card grid">
      ${fields}
      <button class="primary" type="submit">Save</button>
    </form>
    <section class="card">
      <h2>Start over</h2>
      <p>Forgets orders, customers, money, logs and faults. Merchants and settings stay.</p>
      <form method="post" action="/reset"><button class="plain" type="submit">Reset</button></form>
    </section>`;
}
