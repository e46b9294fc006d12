import { markup, page, type Html } from '../../common/http/page';
import type { MissingParameter } from '../../common/http/page-instead';

/** The page for a start without all its parameters: a form that is filled in with the known ones. */
export function startPage({ app_id: appId, external_key: externalKey }: MissingParameter['known']): string {
  return page('Install', [
    "The merchant is taken to Appmax, signs in, chooses a store and comes back. The external_key is your own name for the merchant: it is part of the URL of each of the merchant's calls.",
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
