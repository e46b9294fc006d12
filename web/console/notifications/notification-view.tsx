import type { JSX } from 'preact';
import type { DeliverySummary, EndpointSummary } from '../../../client/src/generated/types';
import { Notice } from '../../shared/ui';
import { Confirm } from '../components/confirm';
import { Facts, Section } from '../components/detail';
import { useDialog } from '../components/dialogs';
import { Loaded, MissingScope } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { dateTime } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { DeliveryState, fieldOf, useFailureText, useReloadWhile } from './states';
import { NOTIFICATION_TERMS, NOTIFICATION_TEXTS } from './texts';

/** A notification to one endpoint: what is sent, what became of it, and sending it again. */
export function NotificationView({ values: { id = '' } }: ViewProps): JSX.Element {
  const t = useTextsOf(NOTIFICATION_TEXTS);
  const terms = useTextsOf(NOTIFICATION_TERMS);
  const { api, language, changes } = useConsole();
  const failure = useFailureText();
  const query = useQuery(id, async (signal) => {
    const delivery = await api.getNotification({ id: id as unknown as number, signal });
    // The notifications of a deleted endpoint stay in the list.
    const endpoint = await api.getEndpoint({ id: delivery.endpoint_id, signal }).catch(() => undefined);
    return { delivery, endpoint };
  });
  useLiveReload(changes, query.reload);
  useReloadWhile(query.data?.delivery.state === 'new', query.reload);
  return (
    <>
      <p>
        <a href={hrefTo('/notifications')}>← {t('notifications')}</a>
      </p>
      <Loaded query={query}>
        {({ delivery, endpoint }) => {
          const order = delivery.data['order_id'];
          const waits =
            delivery.state !== 'delivered' &&
            delivery.next_attempt_at === null &&
            endpoint?.status === 'enabled';
          return (
            <>
              <div class="view-head">
                <h1>
                  {terms(delivery.type)} <DeliveryState state={delivery.state} />
                </h1>
              </div>
              <div class="columns">
                <div>
                  <Section title={t('delivery')}>
                    <Facts
                      facts={[
                        [
                          t('order'),
                          typeof order === 'number' ? (
                            <a href={hrefTo(`/orders/${String(order)}`)}>{order}</a>
                          ) : null,
                        ],
                        [t('shop'), fieldOf(delivery, 'key')],
                        [
                          t('endpoint'),
                          endpoint === undefined ? (
                            delivery.endpoint_id
                          ) : (
                            <a href={hrefTo(`/endpoints/${String(endpoint.id)}`)}>{endpoint.url}</a>
                          ),
                        ],
                        [t('createdAt'), dateTime(delivery.created_at, language)],
                        [t('attempts'), delivery.attempts],
                        [t('deliveredAt'), instant(delivery.delivered_at)],
                        [t('lastAttemptAt'), instant(delivery.last_attempt_at)],
                        [
                          t('nextAttemptAt'),
                          waits ? t('waitsForEarlier') : instant(delivery.next_attempt_at),
                        ],
                        [t('lastStatus'), delivery.last_status],
                        [t('lastError'), failure(delivery.last_error)],
                        [t('messageId'), <span class="mono">{delivery.message_id}</span>],
                      ]}
                    />
                  </Section>
                  <Section title={t('payload')}>
                    <div class="json">
                      {/* Long lines scroll, and the keyboard must reach them. */}
                      <pre tabIndex={0}>{JSON.stringify(bodyOf(delivery), null, 2)}</pre>
                    </div>
                  </Section>
                </div>
                <div>
                  <Replay delivery={delivery} endpoint={endpoint} onDone={query.reload} />
                </div>
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );

  function instant(at: string | null): string | null {
    return at === null ? null : dateTime(at, language);
  }
}

/** Returns the body of the request that the endpoint gets. */
const bodyOf = ({ type, created_at: timestamp, data }: DeliverySummary): object => ({
  type,
  timestamp,
  data,
});

function Replay({
  delivery: { id },
  endpoint,
  onDone,
}: {
  readonly delivery: DeliverySummary;
  readonly endpoint: EndpointSummary | undefined;
  readonly onDone: () => void;
}): JSX.Element {
  const t = useTextsOf(NOTIFICATION_TEXTS);
  const { api, may } = useConsole();
  const openDialog = useDialog();
  return (
    <Section title={t('actions')}>
      <div class="actions">
        {may('operate') ? null : <MissingScope scope="operate" />}
        <button
          type="button"
          class="button plain"
          disabled={!may('operate') || endpoint === undefined}
          onClick={() => {
            openDialog((close) => (
              <Confirm
                title={t('replay')}
                action={t('replay')}
                onClose={close}
                onConfirm={async () => {
                  await api.replayNotification({ id });
                  onDone();
                  return t(endpoint?.status === 'disabled' ? 'replayDisabled' : 'replayed');
                }}
              >
                <p>{t('replayText')}</p>
              </Confirm>
            ));
          }}
        >
          {t('replay')}
        </button>
        {endpoint?.status === 'disabled' ? <Notice kind="info">{t('replayDisabled')}</Notice> : null}
      </div>
    </Section>
  );
}
