import type { JSX } from 'preact';
import type { ListWebhookEventsData, WebhookEventSummary } from '../../../client/src/generated/types';
import { useDialog } from '../components/dialogs';
import { Filters } from '../components/filters';
import { type Column, List } from '../components/list';
import { SelectionBar, useSelection } from '../components/selection';
import { MissingScope } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { minute, startOfDay } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { usePages } from '../use-pages';
import type { ViewProps } from '../view';
import { OutcomeStatus } from './outcome';
import { ReplayChosen } from './replay-chosen';
import { ReplaySelection } from './replay-selection';
import { WEBHOOK_TEXTS } from './texts';

type ApiQuery = NonNullable<ListWebhookEventsData['query']>;

/** The list of webhooks: those that need attention, or all with `show=all`. */
export function WebhooksView({ place: { path, query } }: ViewProps): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  const { api, language, session, changes, may } = useConsole();
  const openDialog = useDialog();
  const isAll = query.get('show') === 'all';
  const given = {
    problems: isAll ? undefined : true,
    order_id: query.get('order_id'),
    event: query.get('event'),
    outcome: query.get('outcome'),
    external_key: query.get('external_key'),
    from: startOfDay(query.get('from') ?? undefined),
    // The last day is shown whole.
    to: startOfDay(query.get('to') ?? undefined, 1),
  };
  const filters = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  ) as ApiQuery;
  const pages = usePages(JSON.stringify(filters), (range, signal) =>
    api.listWebhookEvents({ query: { ...filters, ...range }, signal }),
  );
  useLiveReload(changes, pages.reload);
  const selection = useSelection(pages.rows);
  const columns: Column<WebhookEventSummary>[] = [
    { label: t('event'), cell: ({ event }) => event },
    { label: t('outcome'), cell: ({ outcome }) => <OutcomeStatus outcome={outcome} /> },
    { label: t('orderId'), cell: ({ order_id: id }) => id ?? '—' },
    { label: t('why'), cell: ({ error_message: why }) => why ?? '—' },
    { label: t('receivedAt'), cell: ({ created_at: at }) => minute(at, language) },
  ];
  const outcomes = isAll
    ? (['waiting', 'applied', 'repeated', 'set_aside'] as const)
    : (['waiting', 'set_aside'] as const);
  const tabs = [
    [t('problems'), hrefTo('/webhooks'), !isAll],
    [t('all'), hrefTo('/webhooks', { show: 'all' }), isAll],
  ] as const;
  const isUnfiltered = Object.keys(filters).every((name) => name === 'problems');
  return (
    <>
      <div class="view-head">
        <h1>{t('webhooks')}</h1>
        <button
          type="button"
          class="button plain small"
          disabled={!may('operate')}
          onClick={() => {
            openDialog((close) => <ReplaySelection query={query} onDone={pages.reload} onClose={close} />);
          }}
        >
          {t('replayMany')}
        </button>
      </div>
      {may('operate') ? null : <MissingScope scope="operate" />}
      <nav class="tabs" aria-label={t('shown')}>
        {tabs.map(([text, href, isCurrent]) => (
          <a key={href} href={href} aria-current={isCurrent ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      <Filters
        place={{ path, query }}
        kept={['show']}
        filters={[
          { name: 'order_id', label: t('orderId'), type: 'search' },
          { name: 'event', label: t('event'), type: 'text' },
          {
            name: 'outcome',
            label: t('outcome'),
            type: 'choice',
            choices: outcomes.map((each) => [each, t(each)]),
          },
          ...(session.external_key === null
            ? [{ name: 'external_key', label: t('shop'), type: 'text' } as const]
            : []),
          { name: 'from', label: t('from'), type: 'date' },
          { name: 'to', label: t('to'), type: 'date' },
        ]}
      />
      {may('operate') && (pages.rows?.length ?? 0) > 0 ? (
        <SelectionBar selection={selection} total={pages.rows?.length ?? 0}>
          <button
            type="button"
            class="button plain small"
            disabled={selection.ids.length === 0}
            onClick={() => {
              openDialog((close) => (
                <ReplayChosen
                  ids={selection.ids.map(Number)}
                  onDone={() => {
                    selection.chooseAll(false);
                    pages.reload();
                  }}
                  onClose={close}
                />
              ));
            }}
          >
            {t('replayChosen', { count: selection.ids.length })}
          </button>
        </SelectionBar>
      ) : null}
      <List
        label={t('webhooks')}
        pages={pages}
        columns={columns}
        hrefOf={({ id }) => hrefTo(`/webhooks/${String(id)}`)}
        {...(may('operate') ? { picks: { selection, nameOf } } : {})}
        {...(isUnfiltered ? { empty: t(isAll ? 'noEvents' : 'noProblems') } : {})}
      />
    </>
  );
}

/** The name of a webhook for screen readers. */
const nameOf = ({ event, id }: WebhookEventSummary): string => `${event} ${String(id)}`;
