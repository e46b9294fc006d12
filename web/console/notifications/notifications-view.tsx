import type { JSX } from 'preact';
import type { DeliverySummary, ListNotificationsData } from '../../../client/src/generated/types';
import { useDialog } from '../components/dialogs';
import { Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { useCommonTexts, useConsole, useTextsOf } from '../context';
import { minute } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { usePages } from '../use-pages';
import type { ViewProps } from '../view';
import { ReplayNotifications } from './replay-notifications';
import { DeliveryState, fieldOf, useReloadWhile } from './states';
import { NOTIFICATION_TERMS, NOTIFICATION_TEXTS } from './texts';

const STATES = ['failing', 'new', 'delivered'] as const;
const TYPES = [
  'order.status_changed',
  'refund.confirmed',
  'refund.denied',
  'session.completed',
  'session.expired',
  'installation.created',
  'operation.needs_review',
] as const;
const NAMES = ['order_id', 'state', 'type', 'endpoint_id', 'external_key'] as const;
type ApiQuery = NonNullable<ListNotificationsData['query']>;

/** The list of notifications, each for the endpoint that it is sent to. */
export function NotificationsView({ place }: ViewProps): JSX.Element {
  const t = useTextsOf(NOTIFICATION_TEXTS);
  const common = useCommonTexts();
  const terms = useTextsOf(NOTIFICATION_TERMS);
  const { api, language, session, changes, may } = useConsole();
  const openDialog = useDialog();
  const filters = Object.fromEntries(
    NAMES.map((name) => [name, place.query.get(name)]).filter(([, value]) => value !== null),
  ) as ApiQuery;
  const pages = usePages(JSON.stringify(filters), (range, signal) =>
    api.listNotifications({ query: { ...filters, ...range }, signal }),
  );
  useLiveReload(changes, pages.reload);
  useReloadWhile(pages.rows?.some(({ state }) => state === 'new') === true, pages.reload);
  const failed = pages.rows?.filter(({ state }) => state === 'failing') ?? [];
  const columns: Column<DeliverySummary>[] = [
    { label: t('type'), cell: ({ type }) => terms(type) },
    { label: t('state'), cell: ({ state }) => <DeliveryState state={state} /> },
    { label: t('order'), cell: (row) => fieldOf(row, 'order_id') ?? '—' },
    { label: t('shop'), cell: (row) => fieldOf(row, 'key') ?? '—' },
    { label: t('endpointId'), cell: ({ endpoint_id: id }) => id },
    { label: t('createdAt'), cell: ({ created_at: at }) => minute(at, language) },
    { label: t('attempts'), isNumber: true, cell: ({ attempts }) => attempts },
  ];
  return (
    <>
      <div class="view-head">
        <h1>{t('notifications')}</h1>
        <a class="button plain small" href={hrefTo('/endpoints')}>
          {t('endpoints')}
        </a>
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
            name: 'type',
            label: t('type'),
            type: 'choice',
            choices: TYPES.map((each) => [each, terms(each)]),
          },
          { name: 'endpoint_id', label: t('endpointId'), type: 'text' },
          ...(session.external_key === null
            ? [{ name: 'external_key', label: t('shop'), type: 'text' } as const]
            : []),
        ]}
      >
        {failed.length === 0 ? null : (
          <button
            type="button"
            class="button plain small"
            disabled={!may('operate')}
            title={may('operate') ? undefined : common('noScope', { scope: 'operate' })}
            onClick={() => {
              openDialog((close) => (
                <ReplayNotifications deliveries={failed} onDone={pages.reload} onClose={close} />
              ));
            }}
          >
            {t('replayFailed')}
          </button>
        )}
        {failed.length > 0 && !may('operate') ? (
          <span class="hint">{common('noScope', { scope: 'operate' })}</span>
        ) : null}
      </Filters>
      <List
        label={t('notifications')}
        pages={pages}
        columns={columns}
        hrefOf={({ id }) => hrefTo(`/notifications/${String(id)}`)}
        {...(Object.keys(filters).length === 0 ? { empty: t('noNotifications') } : {})}
      />
    </>
  );
}
