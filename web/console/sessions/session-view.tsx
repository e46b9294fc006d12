import type { JSX } from 'preact';
import { money } from '../../shared/format';
import { CopyBox } from '../../shared/ui';
import { Confirm } from '../components/confirm';
import { Facts, Json, Section } from '../components/detail';
import { useDialog } from '../components/dialogs';
import { Loaded, MissingScope } from '../components/states';
import { OrderStatus, Status, useMethodText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { dateTime } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { SESSION_KINDS } from './sessions-view';
import { SESSION_TEXTS } from './texts';

/** A payment link of the shop in the address. */
export function SessionView({ place, values: { id = '' } }: ViewProps): JSX.Element {
  const t = useTextsOf(SESSION_TEXTS);
  const { session } = useConsole();
  const shop = session.external_key ?? place.query.get('shop');
  return (
    <>
      <p>
        <a href={hrefTo('/sessions', { shop: shop ?? undefined })}>← {t('sessions')}</a>
      </p>
      {shop === null ? <div class="empty">{t('unknownShop')}</div> : <Detail shop={shop} id={id} />}
    </>
  );
}

function Detail({ shop, id }: { readonly shop: string; readonly id: string }): JSX.Element {
  const t = useTextsOf(SESSION_TEXTS);
  const { api, language, changes, may } = useConsole();
  const method = useMethodText();
  const openDialog = useDialog();
  const query = useQuery(`${shop} ${id}`, (signal) => api.getSession({ key: shop, id, signal }));
  // An order of this link may be a new one.
  useLiveReload(changes, query.reload);
  const mayOperate = may('operate');
  return (
    <>
      <Loaded query={query}>
        {(session) => {
          const { status, order_id: order, order_status: orderStatus } = session;
          return (
            <>
              <div class="view-head">
                <h1>
                  {t('session')} <Status kind={SESSION_KINDS[status]} text={t(status)} />
                </h1>
                <strong>{money(session.total_value, language)}</strong>
              </div>
              <div class="columns">
                <div>
                  <Section title={t('data')}>
                    <Facts
                      facts={[
                        [t('shop'), shop],
                        [t('reference'), session.reference],
                        [
                          t('order'),
                          order === undefined ? null : (
                            <a href={hrefTo(`/orders/${String(order)}`)}>{order}</a>
                          ),
                        ],
                        [
                          t('orderStatus'),
                          orderStatus === undefined ? null : <OrderStatus status={orderStatus} />,
                        ],
                        [
                          t('method'),
                          session.payment_method === undefined ? null : method(session.payment_method),
                        ],
                        [t('createdAt'), dateTime(session.created_at, language)],
                        [t('expiresAt'), dateTime(session.expires_at, language)],
                      ]}
                    />
                    {session.metadata === undefined ? null : (
                      <Json label={t('metadata')} value={session.metadata} />
                    )}
                  </Section>
                </div>
                <Section title={t('actions')}>
                  <div class="actions">
                    {status === 'open' ? (
                      <CopyBox id="pay-link" label={t('payLink')} text={session.url} />
                    ) : (
                      <p class="hint">{t('closed')}</p>
                    )}
                    {mayOperate ? null : <MissingScope scope="operate" />}
                    <button
                      type="button"
                      class="button plain"
                      disabled={!mayOperate || status !== 'open'}
                      onClick={() => {
                        openDialog((close) => (
                          <ExpireSession shop={shop} id={id} onDone={query.reload} onClose={close} />
                        ));
                      }}
                    >
                      {t('expire')}
                    </button>
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

/** Asks before a payment link is expired, and does it. */
function ExpireSession({
  shop,
  id,
  onDone,
  onClose,
}: {
  readonly shop: string;
  readonly id: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(SESSION_TEXTS);
  const { api } = useConsole();
  return (
    <Confirm
      title={t('expire')}
      action={t('expire')}
      isDangerous
      onClose={onClose}
      onConfirm={async () => {
        const answer = await api.expireSession({ key: shop, id });
        onDone();
        return t('isNow', { state: t(answer.status).toLowerCase() });
      }}
    >
      <p>{t('expireText')}</p>
    </Confirm>
  );
}
