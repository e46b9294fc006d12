import type { JSX } from 'preact';
import type { ListOrdersData, OrderSummary } from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { Notice } from '../../shared/ui';
import { CsvExport } from '../components/csv-export';
import { type Filter, Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { OrderStatus, useMethodText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { centsOf, minute, startOfDay } from '../format';
import { useLiveReload } from '../live';
import { hrefTo, type Place } from '../router';
import { STATUS_TEXTS } from '../texts';
import { usePages } from '../use-pages';
import type { ViewProps } from '../view';
import { ORDER_TEXTS } from './texts';

type ApiQuery = Omit<NonNullable<ListOrdersData['query']>, 'from' | 'to'> & {
  readonly from?: string;
  readonly to?: string;
};

/** Returns the filters of the API for an address, and the names of those whose values are not valid. */
export function orderFilters({ query }: Place): { filters: ApiQuery; invalid: string[] } {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const read = {
    order_id: /^\d{1,15}$/.test(text('order_id') ?? '') ? Number(text('order_id')) : undefined,
    reference: text('reference'),
    external_key: text('external_key'),
    status: text('status'),
    payment_method: text('payment_method') as ApiQuery['payment_method'],
    from: startOfDay(text('from')),
    // The last day is shown whole.
    to: startOfDay(text('to'), 1),
    min_total_cents: centsOf(text('min') ?? ''),
    max_total_cents: centsOf(text('max') ?? ''),
  };
  const names = { min_total_cents: 'min', max_total_cents: 'max' } as Readonly<Record<string, string>>;
  const invalid = Object.entries(read)
    .filter(([name, value]) => value === undefined && (text(names[name] ?? name) ?? '') !== '')
    .map(([name]) => names[name] ?? name);
  const given = Object.entries(read).filter(([, value]) => value !== undefined && value !== '');
  return { filters: Object.fromEntries(given), invalid };
}

/** The list of orders with all filters of the API. */
export function OrdersView({ place }: ViewProps): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const status = useTextsOf(STATUS_TEXTS);
  const method = useMethodText();
  const { api, language, session, changes } = useConsole();
  const { filters, invalid } = orderFilters(place);
  const key = JSON.stringify(filters);
  const pages = usePages(key, (range, signal) => api.listOrders({ query: { ...filters, ...range }, signal }));
  // A change may bring an order into the list, except into that of one order.
  useLiveReload(
    changes,
    pages.reload,
    (ids) => filters.order_id === undefined || ids.includes(filters.order_id),
  );

  const fields: Filter[] = [
    { name: 'order_id', label: t('orderId'), type: 'search' },
    { name: 'reference', label: t('reference'), type: 'text' },
    {
      name: 'status',
      label: t('status'),
      type: 'choice',
      choices: (Object.keys(STATUS_TEXTS) as (keyof typeof STATUS_TEXTS)[]).map((each) => [
        each,
        status(each),
      ]),
    },
    {
      name: 'payment_method',
      label: t('method'),
      type: 'choice',
      choices: (['credit_card', 'pix', 'boleto'] as const).map((each) => [each, method(each)]),
    },
    ...(session.external_key === null
      ? [{ name: 'external_key', label: t('shop'), type: 'text' } as const]
      : []),
    { name: 'from', label: t('from'), type: 'date' },
    { name: 'to', label: t('to'), type: 'date' },
    { name: 'min', label: t('minimum'), type: 'amount' },
    { name: 'max', label: t('maximum'), type: 'amount' },
  ];
  const columns: Column<OrderSummary>[] = [
    { label: t('orderId'), cell: ({ order_id: id }) => id },
    { label: t('status'), cell: (order) => <OrderStatus status={order.status} /> },
    { label: t('method'), cell: (order) => method(order.payment_method) },
    { label: t('shop'), cell: (order) => order.external_key },
    { label: t('reference'), cell: (order) => order.reference ?? '—' },
    { label: t('createdAt'), cell: (order) => minute(order.created_at, language) },
    { label: t('total'), isNumber: true, cell: (order) => money(order.total_cents, language) },
  ];
  const search = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]));
  return (
    <>
      <div class="view-head">
        <h1>{t('orders')}</h1>
      </div>
      <Filters place={place} filters={fields}>
        <CsvExport address={`/admin/orders.csv?${search.toString()}`} fileName="orders.csv" />
      </Filters>
      {invalid.map((name) => (
        <Notice key={name} kind="bad">
          {t('invalidFilter', {
            value: place.query.get(name) ?? '',
            name: fields.find((field) => field.name === name)?.label ?? name,
          })}
        </Notice>
      ))}
      <List
        label={t('orders')}
        pages={pages}
        columns={columns}
        hrefOf={({ order_id: id }) => hrefTo(`/orders/${String(id)}`)}
        {...(key === '{}' ? { empty: t('noOrders') } : {})}
      />
    </>
  );
}
