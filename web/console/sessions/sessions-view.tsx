import type { JSX } from 'preact';
import type { ListSessionsData, SessionAnswer } from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { useDialog } from '../components/dialogs';
import { Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { Loaded, MissingScope } from '../components/states';
import { Status, useMethodText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { minute } from '../format';
import { useLiveReload } from '../live';
import { goTo, hrefTo, type Place } from '../router';
import { usePages } from '../use-pages';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { MakeSession } from './make-session';
import { SESSION_TEXTS } from './texts';

export const SESSION_KINDS: Readonly<Record<SessionAnswer['status'], 'good' | 'wait' | 'neutral'>> = {
  open: 'wait',
  completed: 'good',
  expired: 'neutral',
};

/** The payment links of one shop: that of the address, else the newest one. */
export function SessionsView({ place }: ViewProps): JSX.Element {
  const t = useTextsOf(SESSION_TEXTS);
  const { api, session } = useConsole();
  const asked = session.external_key ?? place.query.get('shop');
  const query = useQuery('shops', async (signal) => {
    if (session.external_key !== null) return [session.external_key];
    const { data } = await api.listInstallations({ query: { limit: 200 }, signal });
    return data.map(({ external_key: shop }) => shop);
  });
  return (
    <Loaded query={query}>
      {(found) => {
        const shops = asked === null || found.includes(asked) ? found : [asked, ...found];
        const shop = asked ?? shops[0];
        return shop === undefined ? (
          <>
            <div class="view-head">
              <h1>{t('sessions')}</h1>
            </div>
            <div class="empty">{t('noShops')}</div>
          </>
        ) : (
          <OfShop key={shop} place={place} shop={shop} shops={shops} />
        );
      }}
    </Loaded>
  );
}

function OfShop({
  place,
  shop,
  shops,
}: {
  readonly place: Place;
  readonly shop: string;
  readonly shops: readonly string[];
}): JSX.Element {
  const t = useTextsOf(SESSION_TEXTS);
  const { api, language, changes, may } = useConsole();
  const method = useMethodText();
  const openDialog = useDialog();
  const filters = Object.fromEntries(
    ['reference', 'status']
      .map((name) => [name, place.query.get(name)])
      .filter(([, value]) => value !== null),
  ) as NonNullable<ListSessionsData['query']>;
  const key = JSON.stringify(filters);
  const pages = usePages(`${shop} ${key}`, (range, signal) =>
    api.listSessions({ key: shop, query: { ...filters, ...range }, signal }),
  );
  useLiveReload(changes, pages.reload);
  const columns: Column<SessionAnswer>[] = [
    { label: t('createdAt'), cell: ({ created_at: at }) => minute(at, language) },
    { label: t('status'), cell: ({ status }) => <Status kind={SESSION_KINDS[status]} text={t(status)} /> },
    { label: t('reference'), cell: ({ reference }) => reference ?? '—' },
    { label: t('order'), cell: ({ order_id: id }) => id ?? '—' },
    { label: t('method'), cell: ({ payment_method: each }) => (each === undefined ? '—' : method(each)) },
    { label: t('expiresAt'), cell: ({ expires_at: at }) => minute(at, language) },
    { label: t('total'), isNumber: true, cell: ({ total_value: cents }) => money(cents, language) },
  ];
  return (
    <>
      <div class="view-head">
        <h1>{t('sessions')}</h1>
        <button
          type="button"
          class="button primary small"
          disabled={!may('operate')}
          onClick={() => {
            openDialog((close) => (
              <MakeSession
                shop={shop}
                onClose={(id) => {
                  close();
                  if (id !== undefined) goTo(hrefTo(`/sessions/${id}`, { shop }));
                }}
              />
            ));
          }}
        >
          {t('make')}
        </button>
      </div>
      {may('operate') ? null : <MissingScope scope="operate" />}
      <div class="field shop-choice">
        <label for="shop">{t('shop')}</label>
        <select
          id="shop"
          value={shop}
          onChange={({ currentTarget: { value } }) => {
            goTo(hrefTo('/sessions', { shop: value }));
          }}
        >
          {shops.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </div>
      <Filters
        place={place}
        kept={['shop']}
        filters={[
          { name: 'reference', label: t('reference'), type: 'search' },
          {
            name: 'status',
            label: t('status'),
            type: 'choice',
            choices: (['open', 'completed', 'expired'] as const).map((each) => [each, t(each)]),
          },
        ]}
      />
      <List
        label={t('sessions')}
        pages={pages}
        columns={columns}
        hrefOf={({ id }) => hrefTo(`/sessions/${id}`, { shop })}
        {...(key === '{}' ? { empty: t('noSessions') } : {})}
      />
    </>
  );
}
