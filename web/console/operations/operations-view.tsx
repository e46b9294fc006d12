import type { JSX } from 'preact';
import type { ListOperationsData, OperationSummary } from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { Status } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { minute } from '../format';
import { useLiveReload } from '../live';
import { OPERATION_TEXTS } from '../orders/texts';
import { hrefTo } from '../router';
import { usePages } from '../use-pages';
import type { ViewProps } from '../view';
import { OPERATIONS_TEXTS } from './texts';

const STATES = [
  'unknown',
  'prepared',
  'sent',
  'done',
  'confirmed',
  'declined',
  'refused',
  'not_sent',
  'not_done',
  'denied',
] as const;
const KINDS = ['order', 'credit_card', 'pix', 'boleto', 'upsell', 'refund'] as const;
type ApiQuery = NonNullable<ListOperationsData['query']>;

const kindOf = (state: OperationSummary['state']): 'good' | 'wait' | 'bad' | 'neutral' => {
  if (state === 'unknown' || state === 'sent') return 'wait';
  if (state === 'done' || state === 'confirmed') return 'good';
  return state === 'declined' || state === 'refused' || state === 'denied' ? 'bad' : 'neutral';
};

/** The list of money operations; each leads to its order, where it is resolved. */
export function OperationsView({ place }: ViewProps): JSX.Element {
  const t = useTextsOf(OPERATIONS_TEXTS);
  const terms = useTextsOf(OPERATION_TEXTS);
  const { api, language, session, changes } = useConsole();
  const names = ['order_id', 'state', 'kind', 'paid_twice', 'external_key'] as const;
  const filters = Object.fromEntries(
    names.map((name) => [name, place.query.get(name)]).filter(([, value]) => value !== null),
  ) as ApiQuery;
  const pages = usePages(JSON.stringify(filters), (range, signal) =>
    api.listOperations({ query: { ...filters, ...range }, signal }),
  );
  useLiveReload(changes, pages.reload);
  const columns: Column<OperationSummary>[] = [
    { label: t('operation'), cell: ({ id, kind }) => `${terms(kind)} ${String(id)}` },
    {
      label: t('state'),
      cell: ({ state, paid_twice_at: twice }) => (
        <>
          <Status kind={kindOf(state)} text={terms(state)} />{' '}
          {twice === null ? null : <Status kind="bad" text={t('paidTwice')} />}
        </>
      ),
    },
    { label: t('order'), cell: ({ order_id: id }) => id ?? '—' },
    { label: t('shop'), cell: ({ external_key: shop }) => shop },
    { label: t('sentAt'), cell: ({ sent_at: at }) => minute(at, language) },
    {
      label: t('amount'),
      isNumber: true,
      cell: ({ amount_cents: cents }) => (cents === null ? '—' : money(cents, language)),
    },
  ];
  return (
    <>
      <div class="view-head">
        <h1>{t('operations')}</h1>
      </div>
      <Filters
        place={place}
        filters={[
          { name: 'order_id', label: t('orderId'), type: 'search' },
          {
            name: 'state',
            label: t('state'),
            type: 'choice',
            choices: STATES.map((each) => [each, terms(each)]),
          },
          {
            name: 'kind',
            label: t('kind'),
            type: 'choice',
            choices: KINDS.map((each) => [each, terms(each)]),
          },
          {
            name: 'paid_twice',
            label: t('sale'),
            type: 'choice',
            choices: [['true', t('paidTwice')]],
          },
          ...(session.external_key === null
            ? [{ name: 'external_key', label: t('shop'), type: 'text' } as const]
            : []),
        ]}
      />
      <List
        label={t('operations')}
        pages={pages}
        columns={columns}
        hrefOf={({ order_id: id }) => hrefTo(id === null ? '/operations' : `/orders/${String(id)}`)}
      />
    </>
  );
}
