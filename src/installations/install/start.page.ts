import { markup, page, type Html } from '../../common/http/page';
import type { MissingParameter } from '../../common/http/page-instead';

/** What someone sees who starts an installation without all that it takes: a form with what is known filled in. */
export function startPage({ app_id: appId, external_key: externalKey }: MissingParameter['known']): string {
  return page('Install', [
    "The merchant is taken to Appmax, signs in, chooses a store and comes back. The external_key is your own name for the merchant: it stands in the address of each of the merchant's calls.",
    markup`<form action="/install/start" method="get">
      ${field('app_id', "The app's id (a UUID)", appId)}
      ${field('external_key', "The merchant's external_key", externalKey)}
      <button type="submit">Install</button>
    </form>`,
  ]);
}

function field(name: string, label: string, value = ''): Html {
  return markup`<label>${label}<input name="${name}" value="${value}" maxlength="255" required autocapitalize="none" autocomplete="off" spellcheck="false"></label>`;
}
