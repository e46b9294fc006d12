import type { JSX } from 'preact';
import type {
  DeliverySummary,
  OperationSummary,
  OrderTimeline,
  TimelineEntry,
} from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { Json } from '../components/detail';
import { useDialog } from '../components/dialogs';
import { kindOfStatus, useStatusText } from '../components/status';
import type { Happening } from '../components/timeline';
import { useCommonTexts, useConsole, useTextsOf } from '../context';
import { useFailureText } from '../notifications/states';
import { NOTIFICATION_TERMS } from '../notifications/texts';
import { hrefTo } from '../router';
import { VerificationStatus } from '../webhooks/outcome';
import { ResolveOperation } from './resolve-operation';
import { OPERATION_TEXTS, ORDER_TEXTS } from './texts';

const STATE_KINDS: Readonly<Record<OperationSummary['state'], Happening['kind']>> = {
  prepared: 'neutral',
  sent: 'wait',
  unknown: 'wait',
  done: 'good',
  confirmed: 'good',
  declined: 'bad',
  refused: 'bad',
  not_sent: 'neutral',
  not_done: 'neutral',
  denied: 'bad',
};

/** Returns the function that makes the timeline of an order: newest first, each entry with its details. */
export function useHappenings(): (timeline: OrderTimeline, onResolved: () => void) => Happening[] {
  const t = useTextsOf(ORDER_TEXTS);
  const terms = useTextsOf(OPERATION_TEXTS);
  const notificationTerms = useTextsOf(NOTIFICATION_TERMS);
  const failure = useFailureText();
  const status = useStatusText();
  const { language } = useConsole();

  const ofOperation = (
    { type }: TimelineEntry,
    operation: OperationSummary,
    onResolved: () => void,
  ): Pick<Happening, 'kind' | 'title' | 'body'> => {
    const { kind, state, amount_cents: cents } = operation;
    const amount = cents === null ? '—' : money(cents, language);
    if (type === 'operation_prepared')
      return {
        kind: 'neutral',
        title: t('operation_prepared', { kind: terms(kind), amount }),
        body: operation.baseline === null ? null : <Json label={t('baseline')} value={operation.baseline} />,
      };
    if (type === 'operation_sent') {
      const isOpen = state === 'unknown';
      return {
        kind: isOpen ? 'wait' : 'neutral',
        title: t('operation_sent', { kind: terms(kind), amount }),
        body: isOpen ? <Unresolved operation={operation} onResolved={onResolved} /> : null,
      };
    }
    return {
      kind: STATE_KINDS[state],
      title: t('operation_settled', { kind: terms(kind), amount, state: terms(state) }),
      body: <Settled operation={operation} />,
    };
  };

  return ({ entries, operations, events, notifications }, onResolved) => {
    const happenings = entries.map((entry): Happening => {
      const subject = entry.operation_id ?? entry.event_id ?? entry.notification_id ?? entry.status;
      // Not its position: what is learnt later may come before it.
      const base = { id: `${entry.type} ${String(subject)} ${entry.at}`, at: entry.at };
      const request = <RequestId id={entry.request_id} />;
      if (entry.type === 'status_changed')
        return {
          ...base,
          kind: kindOfStatus(entry.status ?? ''),
          title: t('status_changed', { status: status(entry.status ?? '') }),
          body: request,
        };
      const operation = operations.find(({ id }) => id === entry.operation_id);
      if (operation !== undefined) {
        const { body, ...rest } = ofOperation(entry, operation, onResolved);
        return { ...base, ...rest, body: [body, request] };
      }
      const notification = notifications.find((each) => each.id === entry.notification_id);
      if (notification !== undefined)
        return {
          ...base,
          ...happeningOf(entry.type, notification, (key) => t(key), notificationTerms, failure),
        };
      const event = events.find(({ id }) => id === entry.event_id);
      if (event === undefined) return { ...base, kind: 'neutral', title: entry.type };
      if (entry.type === 'webhook_received')
        return { ...base, kind: 'neutral', title: t('webhook_received', { event: event.event }) };
      const { asserted_status: asserted, repeats_event_id: repeats, last_error: last } = event.conclusion;
      return {
        ...base,
        kind: event.outcome === 'set_aside' ? 'bad' : 'neutral',
        title: t('webhook_processed', { event: event.event, outcome: terms(event.outcome) }),
        body: (
          <>
            {asserted === null ? null : (
              <p class="hint">
                {t('asserts', { status: status(asserted) })}{' '}
                <VerificationStatus verification={event.conclusion.verification} />
              </p>
            )}
            {repeats === null ? null : <p class="hint">{t('repeats', { id: repeats })}</p>}
            {event.error_message === null ? null : <p class="error">{event.error_message}</p>}
            {last === null ? null : <p class="hint">{last}</p>}
          </>
        ),
      };
    });
    return happenings.reverse();
  };
}

/** A notification to the shop's backend, with the link to its detail. */
function happeningOf(
  type: TimelineEntry['type'],
  notification: DeliverySummary,
  t: (key: 'notification_written' | 'notification_failed' | 'notification_delivered') => string,
  terms: (key: DeliverySummary['type']) => string,
  failure: (error: string | null) => string | null,
): Pick<Happening, 'kind' | 'title' | 'body'> {
  const { id, last_error: error } = notification;
  const isFailed = type === 'notification_failed';
  const isDelivered = type === 'notification_delivered';
  const text = t(isFailed ? type : isDelivered ? type : 'notification_written');
  return {
    kind: isFailed ? 'bad' : isDelivered ? 'good' : 'neutral',
    title: (
      <>
        <a href={hrefTo(`/notifications/${String(id)}`)}>{terms(notification.type)}</a>: {text}
      </>
    ),
    body: isFailed && error !== null ? <p class="hint">{failure(error)}</p> : null,
  };
}

function RequestId({ id }: { readonly id: string | null }): JSX.Element | null {
  const t = useCommonTexts();
  return id === null ? null : <p class="hint mono">{t('requestId', { id })}</p>;
}

function Settled({ operation }: { readonly operation: OperationSummary }): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const { failure, reason, evidence, resolved_by: name, resolution_note: note } = operation;
  return (
    <>
      {operation.paid_twice_at === null ? null : <p class="error">{t('paidTwice')}</p>}
      {failure === null ? null : <p class="hint">{failure}</p>}
      {reason === null ? null : <p class="hint">{t('reasonGiven', { reason })}</p>}
      {name === null ? null : <p class="hint">{t('resolvedBy', { name, note: note ?? '—' })}</p>}
      {evidence === null ? null : <Json label={t('evidence')} value={evidence} />}
    </>
  );
}

function Unresolved({
  operation,
  onResolved,
}: {
  readonly operation: OperationSummary;
  readonly onResolved: () => void;
}): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const common = useCommonTexts();
  const { may } = useConsole();
  const openDialog = useDialog();
  return (
    <>
      <p class="error">{t('openOperation')}</p>
      {operation.failure === null ? null : <p class="hint">{operation.failure}</p>}
      {may('operate') ? (
        <button
          type="button"
          class="button plain small"
          onClick={() => {
            openDialog((close) => (
              <ResolveOperation operation={operation} onResolved={onResolved} onClose={close} />
            ));
          }}
        >
          {t('resolve')}
        </button>
      ) : (
        <p class="hint">{common('noScope', { scope: 'operate' })}</p>
      )}
    </>
  );
}
