import { copyBox, type Html, markup, page } from '../common/http/page';
import type { Language } from '../common/http/preferences';
import { HOME_TEXTS } from './home.texts';
import { keyForm } from './key-form';
import type { SetupCheck } from './setup.service';
import type { WebhookGuide } from './webhook-guide.page';

/** Data of the home page. */
export interface Home {
  readonly name: string;
  readonly environment: 'sandbox' | 'production';
  readonly callbackUrl: string;
  readonly installUrl: string;
  readonly webhook: WebhookGuide;
  /** The checklist; undefined for readers who may not see it. */
  readonly checks?: readonly SetupCheck[];
}

const BADGES = { done: 'good', missing: 'wait', unknown: 'wait' } as const;
const ENVIRONMENT_BADGES = { sandbox: 'wait', production: 'good' } as const;

/** Renders the home page: what the service is, the addresses to register at Appmax, and what is set up. */
export function homePage(home: Home, language: Language = 'en'): string {
  const texts = HOME_TEXTS[language];
  const [environment, meaning] = texts.environments[home.environment];
  return page(
    home.name,
    [
      texts.intro,
      markup`<p><span class="badge ${ENVIRONMENT_BADGES[home.environment]}">${environment}</span> ${meaning}</p>`,
      addresses(home, language),
      checklist(home, language),
      markup`<section class="card"><h2>${texts.next}</h2><ul>
        <li><a href="/install/start?lang=${language}">${texts.startInstall}</a></li>
        <li><a href="/webhooks/appmax?lang=${language}">${texts.webhookGuide}</a></li>
        <li><a href="/docs">${texts.api}</a></li>
        <li><a href="/openapi.json">${texts.document}</a></li>
      </ul></section>`,
    ],
    language,
    { query: {} },
  );
}

function addresses({ callbackUrl, installUrl, webhook }: Home, language: Language): Html {
  const texts = HOME_TEXTS[language];
  const hints = { callback: texts.callbackHint, install: texts.installHint };
  return markup`<section class="card"><h2>${texts.urls}</h2><p>${texts.urlsIntro}</p>
    ${copyBox('callback-url', texts.callback, callbackUrl, language)}<p class="hint">${hints.callback}</p>
    ${copyBox('webhook-url', texts.webhook, webhook.webhookUrl, language)}<p class="hint">${webhook.hidesToken ? `${texts.webhookHint} ` : ''}<a href="/webhooks/appmax?lang=${language}">${texts.webhookGuide}</a></p>
    ${copyBox('install-url', texts.install, installUrl, language)}<p class="hint">${hints.install}</p>
  </section>`;
}

function checklist({ checks }: Home, language: Language): Html {
  const { checklist: title, keyIntro, states, steps, without } = HOME_TEXTS[language];
  if (checks === undefined)
    return markup`<section class="card"><h2>${title}</h2><p>${keyIntro}</p>${keyForm(language)}</section>`;
  const lines = checks.map(({ step, state, settings = [] }) => {
    const [name, todo] = steps[step];
    const details = settings.map((setting) => markup`<li><code>${setting}</code>: ${without[setting]}</li>`);
    const list = details.length === 0 ? '' : markup`<ul>${details}</ul>`;
    const hint = state === 'done' ? '' : markup`<div class="hint"><p>${todo}</p>${list}</div>`;
    return markup`<li data-step="${step}" data-state="${state}"><div class="check"><span>${name}</span><span class="badge ${BADGES[state]}">${states[state]}</span></div>${hint}</li>`;
  });
  return markup`<section class="card"><h2>${title}</h2><ul class="checks">${lines}</ul></section>`;
}
