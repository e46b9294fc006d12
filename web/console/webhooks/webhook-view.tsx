import type { JSX } from 'preact';
import { Confirm } from '../components/confirm';
import { Facts, Section } from '../components/detail';
import { useDialog } from '../components/dialogs';
import { Loaded, MissingScope } from '../components/states';
import { useStatusText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { dateTime } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { OutcomeStatus, VerificationStatus } from './outcome';
import { WEBHOOK_TEXTS } from './texts';

/** A webhook: its payload beside what was concluded from it. */
export function WebhookView({ values: { id = '' } }: ViewProps): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  const { api, language, changes, may } = useConsole();
  const status = useStatusText();
  const openDialog = useDialog();
  const query = useQuery(id, (signal) => api.getWebhookEvent({ id: id as unknown as number, signal }));
  useLiveReload(changes, query.reload, (ids) => ids.includes(query.data?.order_id ?? 0));
  const mayOperate = may('operate');
  return (
    <>
      <p>
        <a href={hrefTo('/webhooks')}>← {t('webhooks')}</a>
      </p>
      <Loaded query={query}>
        {(event) => {
          const { conclusion, order_id: order } = event;
          const { asserted_status: asserted, repeats_event_id: repeats } = conclusion;
          return (
            <>
              <div class="view-head">
                <h1>
                  {t('webhook', { id: event.id })} <OutcomeStatus outcome={event.outcome} />
                </h1>
              </div>
              <div class="columns even">
                <div>
                  <Section title={t('concluded')}>
                    <Facts
                      facts={[
                        [t('event'), event.event],
                        [t('eventType'), event.event_type],
                        [
                          t('orderId'),
                          order === null ? null : <a href={hrefTo(`/orders/${String(order)}`)}>{order}</a>,
                        ],
                        [t('asserted'), asserted === null ? t('assertsNone') : status(asserted)],
                        [
                          t('verification'),
                          <VerificationStatus key="verification" verification={conclusion.verification} />,
                        ],
                        [
                          t('repeats'),
                          repeats === null ? null : (
                            <a href={hrefTo(`/webhooks/${String(repeats)}`)}>{repeats}</a>
                          ),
                        ],
                        [t('why'), event.error_message],
                        [t('attempts'), conclusion.attempts === 0 ? null : conclusion.attempts],
                        [t('lastError'), conclusion.last_error],
                        [
                          t('nextAttempt'),
                          conclusion.next_attempt_at === null
                            ? null
                            : dateTime(conclusion.next_attempt_at, language),
                        ],
                        [t('receivedAt'), dateTime(event.created_at, language)],
                        [t('processedAt'), dateTime(event.processed_at, language)],
                      ]}
                    />
                  </Section>
                  <Section title={t('actions')}>
                    <div class="actions">
                      {mayOperate ? null : <MissingScope scope="operate" />}
                      <button
                        type="button"
                        class="button plain"
                        disabled={!mayOperate}
                        onClick={() => {
                          openDialog((close) => (
                            <ReplayWebhook id={event.id} onDone={query.reload} onClose={close} />
                          ));
                        }}
                      >
                        {t('replay')}
                      </button>
                    </div>
                  </Section>
                </div>
                <Section title={t('payload')}>
                  {mayOperate ? null : <p class="hint">{t('masked')}</p>}
                  <div class="json">
                    {/* Long lines scroll, and the keyboard must reach them. */}
                    <pre tabIndex={0} aria-label={t('payload')}>
                      {JSON.stringify(event.payload, null, 2)}
                    </pre>
                  </div>
                </Section>
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** Asks before a webhook is processed again, and shows its result. */
function ReplayWebhook({
  id,
  onDone,
  onClose,
}: {
  readonly id: number;
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  const { api } = useConsole();
  return (
    <Confirm
      title={t('replay')}
      action={t('replay')}
      onClose={onClose}
      onConfirm={async () => {
        const { outcome, reason } = await api.replayWebhookEvent({ id });
        onDone();
        const values = { id, outcome: t(outcome).toLowerCase() };
        return reason === null ? t('replayed', values) : t('replayedWhy', { ...values, reason });
      }}
    >
      <p>{t('replayText')}</p>
    </Confirm>
  );
}
