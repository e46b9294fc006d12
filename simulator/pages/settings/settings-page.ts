import { settingChoices } from '../../settings/setting-choices';
import { type Settings } from '../../settings/settings';
import { type Html, html } from '../html/html';
import { choice, field } from '../html/parts';
import { settingGroups } from './setting-words';

/** The page that shows and changes the settings. */
export function settingsPage(settings: Settings): Html {
  const values: Readonly<Record<string, string | number | boolean | null>> = settings;
  const offers = new Map(settingChoices());
  const input = (key: string, hint: string): Html => {
    const text = String(values[key] ?? '');
    const label = html`<span class="code">${key}</span> <small>${hint}</small>`;
    const offered = offers.get(key);
    if (offered?.kind === 'options') return choice(key, label, offered.options, text);
    return field(key, label, text, offered?.kind === 'number' ? 'number' : 'text');
  };
  const groups = settingGroups.map(
    ([title, hints]) =>
      html`<fieldset class="card">
        <legend>${title}</legend>
        <div class="grid">${Object.entries(hints).map(([key, hint]) => input(key, hint))}</div>
      </fieldset>`,
  );
  return html`<form method="post" action="/settings">
      ${groups}
      <p class="save"><button class="primary" type="submit">Save</button></p>
    </form>
    <section class="card">
      <h2>Reset</h2>
      <p>Deletes orders, customers, the ledger, logs and faults. Keeps merchants and settings.</p>
      <form method="post" action="/reset"><button class="plain" type="submit">Reset</button></form>
    </section>`;
}
