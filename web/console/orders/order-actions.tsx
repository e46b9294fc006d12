import type { JSX } from 'preact';
import type { OrderTimeline } from '../../../client/src/generated/types';
import { CopyBox } from '../../shared/ui';
import { Confirm } from '../components/confirm';
import { Section } from '../components/detail';
import { useDialog } from '../components/dialogs';
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
  const { may } = useConsole();
  const openDialog = useDialog();
  const { order } = timeline;
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
            openDialog((close) => <AskAppmax order={order} onDone={onDone} onClose={close} />);
          }}
        >
          {t('ask')}
        </button>
        <button
          type="button"
          class="button plain"
          disabled={!mayOperate || obstacle !== undefined}
          onClick={() => {
            openDialog((close) => <RefundOrder timeline={timeline} onDone={onDone} onClose={close} />);
          }}
        >
          {t('refund')}
        </button>
        {mayOperate && obstacle !== undefined ? <p class="hint">{t(obstacle)}</p> : null}
        {order.session_id === null ? null : (
          <PayLink shop={order.external_key} session={order.session_id} status={order.status} />
        )}
      </div>
    </Section>
  );
}

/** Asks Appmax for the status of an order, and says whether it has changed. */
function AskAppmax({
  order: { order_id: id },
  onDone,
  onClose,
}: Pick<OrderTimeline, 'order'> & {
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const { api } = useConsole();
  const text = useStatusText();
  return (
    <Confirm
      title={t('ask')}
      action={t('ask')}
      onClose={onClose}
      onConfirm={async () => {
        const { status, previous_status: before } = await api.refreshOrder({ order_id: id });
        onDone();
        return status === before
          ? t('askSame', { status: text(status) })
          : t('askChanged', { before: text(before), status: text(status) });
      }}
    >
      <p>{t('askText')}</p>
    </Confirm>
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
