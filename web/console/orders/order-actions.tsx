import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OrderTimeline } from '../../../client/src/generated/types';
import { CopyBox } from '../../shared/ui';
import { Confirm } from '../components/confirm';
import { Section } from '../components/detail';
import { Failure, MissingScope } from '../components/states';
import { useStatusText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { useQuery } from '../use-query';
import { refundable, RefundOrder } from './refund-order';
import { ORDER_TEXTS } from './texts';

/** The statuses in which the money is with the shop. */
const REFUNDABLE: ReadonlySet<string> = new Set([
  'autorizado',
  'aprovado',
  'integrado',
  'pendente_integracao',
  'pendente_integracao_em_analise',
]);

/** Returns why nothing can be refunded; undefined if something can. */
function obstacleOf(timeline: OrderTimeline): keyof typeof ORDER_TEXTS | undefined {
  const { status } = timeline.order;
  if (status === 'estornado') return 'refundNothingLeft';
  if (status.startsWith('chargeback')) return 'refundChargeback';
  if (!REFUNDABLE.has(status)) return 'refundUnpaid';
  return refundable(timeline) === 0 ? 'refundNothingLeft' : undefined;
}

/** What can be done with an order. What is not possible is disabled, and says why. */
export function OrderActions({
  timeline,
  onDone,
}: {
  readonly timeline: OrderTimeline;
  readonly onDone: () => void;
}): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const { api, may } = useConsole();
  const status = useStatusText();
  const [asked, setAsked] = useState<'refund' | 'ask'>();
  const { order } = timeline;
  const close = (): void => {
    setAsked(undefined);
  };
  const obstacle = obstacleOf(timeline);
  const mayOperate = may('operate');
  return (
    <Section title={t('actions')}>
      <div class="actions">
        {mayOperate ? null : <MissingScope scope="operate" />}
        <button
          type="button"
          class="button plain"
          disabled={!mayOperate}
          onClick={() => {
            setAsked('ask');
          }}
        >
          {t('ask')}
        </button>
        <button
          type="button"
          class="button plain"
          disabled={!mayOperate || obstacle !== undefined}
          onClick={() => {
            setAsked('refund');
          }}
        >
          {t('refund')}
        </button>
        {mayOperate && obstacle !== undefined ? <p class="hint">{t(obstacle)}</p> : null}
        {order.session_id === null ? null : (
          <PayLink shop={order.external_key} session={order.session_id} status={order.status} />
        )}
      </div>
      {asked === 'refund' ? <RefundOrder timeline={timeline} onDone={onDone} onClose={close} /> : null}
      {asked === 'ask' ? (
        <Confirm
          title={t('ask')}
          action={t('ask')}
          onClose={close}
          onConfirm={async () => {
            const answer = await api.refreshOrder({ order_id: order.order_id });
            onDone();
            return answer.status === answer.previous_status
              ? t('askSame', { status: status(answer.status) })
              : t('askChanged', { before: status(answer.previous_status), status: status(answer.status) });
          }}
        >
          <p>{t('askText')}</p>
        </Confirm>
      ) : null}
    </Section>
  );
}

/** The payment page of the order's session, to copy. @param status the order's: another one may be another state of the session */
function PayLink({
  shop,
  session,
  status,
}: {
  readonly shop: string;
  readonly session: string;
  readonly status: string;
}): JSX.Element | null {
  const t = useTextsOf(ORDER_TEXTS);
  const { api } = useConsole();
  const { data, error, reload } = useQuery(`${shop} ${session} ${status}`, (signal) =>
    api.getSession({ key: shop, id: session, signal }),
  );
  if (data === undefined) return error === undefined ? null : <Failure error={error} onRetry={reload} />;
  return data.status === 'open' ? (
    <CopyBox id="pay-link" label={t('payLink')} text={data.url} />
  ) : (
    <p class="hint">{t('payLinkState', { state: t(data.status) })}</p>
  );
}
