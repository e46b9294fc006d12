import type { JSX } from 'preact';
import type { AuditEntry, KeySummary, ListAuditEntriesData } from '../../../client/src/generated/types';
import { type Filter, Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { Failure } from '../components/states';
import { Status } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { dateTime, startOfDay } from '../format';
import { useLiveReload } from '../live';
import { hrefTo, type Place } from '../router';
import { usePages } from '../use-pages';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { type Action, ACTIONS, isAboutOrder, isKnownAction } from './actions';
import { AUDIT_TEXTS } from './texts';

/** The keys of the filter: the newest ones. Older ones have a link in the list of keys. */
const LISTED_KEYS = 200;

type ApiQuery = NonNullable<ListAuditEntriesData['query']>;

/** Actors without a key of the database, with their texts. */
const ACTORS = { root_key: 'rootKey', command: 'command' } as const;

/** Returns the filters of the API for an address. The API refuses values that are not valid. */
function filtersOf({ query }: Place): ApiQuery {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const from = text('from');
  const to = text('to');
  const who = text('key_id');
  const filters = {
    // The choice of a key also has those that have no id.
    ...(who !== undefined && who in ACTORS ? { actor: who } : { key_id: who }),
    action: text('action'),
    external_key: text('external_key'),
    from: startOfDay(from) ?? from,
    // The last day is shown whole.
    to: startOfDay(to, 1) ?? to,
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

/** The actions by secret keys and by commands, newest first. */
export function AuditView({ place }: ViewProps): JSX.Element {
  const t = useTextsOf(AUDIT_TEXTS);
  const { api, changes } = useConsole();
  const filters = filtersOf(place);
  const key = JSON.stringify(filters);
  const pages = usePages(key, (range, signal) =>
    api.listAuditEntries({ query: { ...filters, ...range }, signal }),
  );
  const keys = useQuery('', (signal) => api.listKeys({ query: { limit: LISTED_KEYS }, signal }));
  useLiveReload(changes, pages.reload);
  const fields = useFields(keys.data?.data ?? [], place);
  const columns = useColumns();
  return (
    <>
      <div class="view-head">
        <h1>{t('audit')}</h1>
      </div>
      <Filters place={place} filters={fields} />
      {keys.error === undefined ? null : <Failure error={keys.error} onRetry={keys.reload} />}
      <List
        label={t('audit')}
        pages={pages}
        columns={columns}
        {...(key === '{}' ? { empty: t('empty') } : {})}
      />
    </>
  );
}

function useActionText(): (action: Action) => string {
  const t = useTextsOf(AUDIT_TEXTS);
  const terms = useTextsOf(ACTIONS);
  return (action) => (action.includes(' ') ? terms(action) : t('byCommand', { action: terms(action) }));
}

function useFields(keys: readonly KeySummary[], { query }: Place): Filter[] {
  const t = useTextsOf(AUDIT_TEXTS);
  const { session } = useConsole();
  const actionText = useActionText();
  const chosen = query.get('key_id');
  const isListed = chosen === null || chosen in ACTORS || keys.some(({ id }) => String(id) === chosen);
  const action = query.get('action');
  const isKnown = action === null || isKnownAction(action);
  return [
    {
      name: 'key_id',
      label: t('who'),
      type: 'choice',
      choices: [
        ...Object.entries(ACTORS).map(([actor, text]) => [actor, t(text)] as const),
        ...(isListed ? [] : [[chosen, t('keyNumber', { id: chosen })] as const]),
        ...keys.map(({ id, name }) => [String(id), name] as const),
      ],
    },
    {
      name: 'action',
      label: t('action'),
      type: 'choice',
      choices: [
        ...(isKnown ? [] : [[action, action] as const]),
        ...(Object.keys(ACTIONS) as Action[]).map((each) => [each, actionText(each)] as const),
      ],
    },
    ...(session.external_key === null
      ? [{ name: 'external_key', label: t('shop'), type: 'search' } as const]
      : []),
    { name: 'from', label: t('from'), type: 'date' },
    { name: 'to', label: t('to'), type: 'date' },
  ];
}

function useColumns(): Column<AuditEntry>[] {
  const t = useTextsOf(AUDIT_TEXTS);
  const { language } = useConsole();
  const actionText = useActionText();
  return [
    { label: t('when'), cell: ({ created_at: at }) => dateTime(at, language) },
    {
      label: t('action'),
      cell: ({ action }) =>
        isKnownAction(action) ? actionText(action) : <small class="mono">{action}</small>,
    },
    {
      label: t('who'),
      cell: ({ actor, key_id: id, key_name: name }) =>
        id === null ? (
          <span class="two-lines">
            <a href={hrefTo('/audit', { key_id: actor })}>{t(actor === 'command' ? 'command' : 'rootKey')}</a>
            {actor === 'command' ? null : <small class="mono">{name}</small>}
          </span>
        ) : (
          <a href={hrefTo('/audit', { key_id: id })}>{name}</a>
        ),
    },
    { label: t('shop'), cell: ({ external_key: shop }) => shop ?? '—' },
    {
      label: t('subject'),
      cell: ({ action, subject_id: id }) => {
        if (id === null) return '—';
        if (!isAboutOrder(action)) return id;
        return <a href={hrefTo(`/orders/${String(id)}`)}>{t('order', { id })}</a>;
      },
    },
    { label: t('result'), cell: ({ status }) => <Result status={status} /> },
    {
      label: t('request'),
      cell: ({ request_id: id }) => (id === null ? '—' : <small class="mono">{id}</small>),
    },
  ];
}

function Result({ status }: { readonly status: number | null }): JSX.Element {
  const t = useTextsOf(AUDIT_TEXTS);
  if (status === null) return <Status kind="wait" text={t('open')} />;
  if (status < 400) return <Status kind="good" text={t('done')} />;
  return <Status kind="bad" text={t(status < 500 ? 'refused' : 'failed', { status })} />;
}
