import type { JSX } from 'preact';
import type { ShopState } from '../../../client/src/generated/types';
import { Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { Status } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { minute, percent } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { usePages } from '../use-pages';
import type { ViewProps } from '../view';
import { kindOfQuota, STEPS, stepsDone, tightestQuota } from './shop-state';
import { SHOPS_TEXTS } from './texts';

/** The list of installed shops with the state of each. */
export function ShopsView({ place }: ViewProps): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { api, language, session, changes } = useConsole();
  const shop = place.query.get('external_key') ?? '';
  const pages = usePages(shop, (range, signal) =>
    api.listShops({ query: { ...range, ...(shop === '' ? {} : { external_key: shop }) }, signal }),
  );
  useLiveReload(changes, pages.reload);
  const columns: Column<ShopState>[] = [
    { label: t('shop'), cell: ({ external_key: key }) => key },
    {
      label: t('credentials'),
      cell: ({ checklist: { credentials_accepted: accepted } }) => (
        <Status kind={accepted ? 'good' : 'bad'} text={t(accepted ? 'accepted' : 'refused')} />
      ),
    },
    {
      label: t('lastWebhook'),
      cell: ({ last_webhook_at: at }) => (at === null ? t('noWebhook') : minute(at, language)),
    },
    {
      label: t('quota'),
      cell: (row) => {
        const { used, limit } = tightestQuota(row);
        const kind = kindOfQuota(used, limit);
        return <Status kind={kind === 'good' ? 'neutral' : kind} text={percent(used, limit, language)} />;
      },
    },
    {
      label: t('steps'),
      cell: (row) => {
        const done = stepsDone(row);
        return done === STEPS.length ? (
          <Status kind="good" text={t('stepsDone')} />
        ) : (
          <Status kind="wait" text={t('stepsOpen', { done, all: STEPS.length })} />
        );
      },
    },
    { label: t('installedAt'), cell: ({ installed_at: at }) => minute(at, language) },
  ];
  return (
    <>
      <div class="view-head">
        <h1>{t('shops')}</h1>
      </div>
      {session.external_key === null ? (
        <Filters
          place={place}
          filters={[{ name: 'external_key', label: t('externalKey'), type: 'search' }]}
        />
      ) : null}
      <List
        label={t('shops')}
        pages={pages}
        columns={columns}
        hrefOf={({ external_key: key }) => hrefTo(`/shops/${encodeURIComponent(key)}`)}
        {...(shop === ''
          ? {
              empty: (
                <>
                  <p>{t('noShops')}</p>
                  <a href="/install/start">{t('installPage')}</a>
                </>
              ),
            }
          : {})}
      />
    </>
  );
}
