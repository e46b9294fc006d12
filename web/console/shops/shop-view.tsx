import type { JSX } from 'preact';
import type { ShopState } from '../../../client/src/generated/types';
import { Facts, Section } from '../components/detail';
import { Progress } from '../components/progress';
import { Loaded } from '../components/states';
import { Status } from '../components/status';
import { useCommonTexts, useConsole, useTextsOf } from '../context';
import { count, dateTime } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { ReinstallShop } from './reinstall-shop';
import { kindOfQuota, type Step, STEPS } from './shop-state';
import { SHOPS_TEXTS } from './texts';

/** The pages of the service that help with a step. */
const HELP_PAGES: Readonly<Partial<Record<Step, readonly [href: string, text: keyof typeof SHOPS_TEXTS]>>> = {
  has_recent_webhook: ['/', 'addresses'],
};

/** The views that can be filtered by shop. */
const LISTS = ['orders', 'operations', 'webhooks', 'sessions', 'notifications', 'audit'] as const;

/** A shop: what is missing until it sells, its quotas, its installation, and links to what belongs to it. */
export function ShopView({ values: { key = '' } }: ViewProps): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { api, changes } = useConsole();
  const query = useQuery(key, (signal) => api.listShops({ query: { external_key: key, limit: 1 }, signal }));
  useLiveReload(changes, query.reload);
  return (
    <>
      <div class="view-head">
        <h1>{key}</h1>
      </div>
      <Loaded query={query}>
        {({ data: [shop] }) =>
          shop === undefined ? <div class="empty">{t('noShop')}</div> : <Shop shop={shop} />
        }
      </Loaded>
    </>
  );
}

function Shop({ shop }: { readonly shop: ShopState }): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { language } = useConsole();
  const { credentials_refused_since: refusedSince } = shop;
  return (
    <div class="columns main-first">
      <div>
        <Section title={t('steps')}>
          <Checklist checklist={shop.checklist} />
        </Section>
        <Section title={t('quota')}>
          <Quota text="reads" used={shop.reads_today} limit={shop.reads_per_day} />
          <Quota text="calls" used={shop.storefront_calls_today} limit={shop.storefront_calls_per_day} />
          <p class="hint">{t('quotaText')}</p>
        </Section>
      </div>
      <div>
        <Section title={t('see')}>
          <Links shop={shop.external_key} />
        </Section>
        <Section title={t('installation')}>
          <Facts
            facts={[
              [
                t('credentials'),
                refusedSince === undefined ? (
                  <Status kind="good" text={t('accepted')} />
                ) : (
                  <Status kind="bad" text={t('refusedSince', { time: dateTime(refusedSince, language) })} />
                ),
              ],
              [
                t('lastWebhook'),
                shop.last_webhook_at === null ? t('noWebhook') : dateTime(shop.last_webhook_at, language),
              ],
              [t('installedAt'), dateTime(shop.installed_at, language)],
              [t('firstInstalledAt'), dateTime(shop.created_at, language)],
              [t('externalId'), <span class="mono">{shop.external_id}</span>],
              [t('appId'), <span class="mono">{shop.app_id}</span>],
            ]}
          />
          <ReinstallShop shop={shop.external_key} />
        </Section>
      </div>
    </div>
  );
}

function Checklist({ checklist }: Pick<ShopState, 'checklist'>): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  return (
    <ul class="attention">
      {STEPS.map((step) => {
        const page = HELP_PAGES[step];
        return (
          <li key={step}>
            <Status
              kind={checklist[step] ? 'good' : step === 'credentials_accepted' ? 'bad' : 'wait'}
              text={t(checklist[step] ? 'stepDone' : 'stepOpen')}
            />
            <span>{t(step)}</span>
            {checklist[step] ? null : (
              <p class="hint step-help">
                {t(`${step}Help`)} {page === undefined ? null : <a href={page[0]}>{t(page[1])}</a>}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Quota({
  text,
  used,
  limit,
}: {
  readonly text: 'reads' | 'calls';
  readonly used: number;
  readonly limit: number;
}): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { language } = useConsole();
  return (
    <div class={`quota ${kindOfQuota(used, limit)}`}>
      <Progress
        label={t(text, { used: count(used, language), limit: count(limit, language) })}
        value={used}
        maximum={limit}
      />
    </div>
  );
}

/** The lists of what belongs to a shop, as far as the console has them and the key may see them. */
function Links({ shop }: { readonly shop: string }): JSX.Element {
  const t = useCommonTexts();
  const { hasView, may } = useConsole();
  return (
    <ul class="attention">
      {LISTS.filter((list) => hasView(`/${list}`) && (list !== 'audit' || may('manage'))).map((list) => (
        <li key={list}>
          <a href={hrefTo(`/${list}`, { external_key: shop })}>{t(list)}</a>
        </li>
      ))}
    </ul>
  );
}
