import type { JSX } from 'preact';
import { money } from '../../shared/format';
import { CopyBox } from '../../shared/ui';
import { Facts, Section } from '../components/detail';
import { Loaded } from '../components/states';
import { OrderStatus, useMethodText } from '../components/status';
import { Timeline } from '../components/timeline';
import { useCommonTexts, useConsole, useTextsOf } from '../context';
import { dateTime } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { OrderActions } from './order-actions';
import { useHappenings } from './order-history';
import { ORDER_TEXTS } from './texts';

/** An order: its data, everything that happened to it, and what can be done with it. */
export function OrderView({ values: { id = '' } }: ViewProps): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const common = useCommonTexts();
  const { api, language, changes } = useConsole();
  const method = useMethodText();
  const happeningsOf = useHappenings();
  const query = useQuery(id, (signal) => api.getOrderTimeline({ order_id: id as unknown as number, signal }));
  useLiveReload(changes, query.reload, (ids) => ids.includes(Number(id)));
  return (
    <>
      <p>
        <a href={hrefTo('/orders')}>← {t('orders')}</a>
      </p>
      <Loaded query={query}>
        {(timeline) => {
          const { order, sync } = timeline;
          const happenings = happeningsOf(timeline, query.reload);
          return (
            <>
              <div class="view-head">
                <h1>
                  {t('order', { id: order.order_id })} <OrderStatus status={order.status} />
                </h1>
                <strong data-testid="total">{money(order.total_cents, language)}</strong>
              </div>
              <div class="columns">
                <div>
                  <Section title={t('data')}>
                    <Facts
                      facts={[
                        [t('method'), method(order.payment_method)],
                        [t('shop'), order.external_key],
                        [t('reference'), order.reference],
                        [t('customerId'), order.customer_id],
                        [t('createdAt'), dateTime(order.created_at, language)],
                        [t('updatedAt'), dateTime(order.updated_at, language)],
                      ]}
                    />
                  </Section>
                  <Section title={t('history')}>
                    {happenings.length === 0 ? <p class="hint">{t('noHistory')}</p> : null}
                    {timeline.is_truncated ? <p class="hint">{t('truncated')}</p> : null}
                    <Timeline happenings={happenings} />
                  </Section>
                </div>
                <div>
                  <OrderActions timeline={timeline} onDone={query.reload} />
                  {sync === undefined ? null : (
                    <Section title={t('sync')}>
                      <Facts
                        facts={[
                          [t('askedAt'), dateTime(sync.asked_at, language)],
                          [t('answeredAt'), dateTime(sync.answered_at, language)],
                          [t('nextAt'), dateTime(sync.next_at, language)],
                          [t('failures'), sync.failures === 0 ? null : sync.failures],
                          [t('lastError'), sync.last_error],
                        ]}
                      />
                    </Section>
                  )}
                  {order.pix_emv === null && order.boleto_digitavel === null ? null : (
                    <Section title={order.pix_emv === null ? common('boleto') : common('pix')}>
                      {order.pix_emv === null ? null : (
                        <CopyBox id="pix" label={t('pixCode')} text={order.pix_emv} />
                      )}
                      {order.boleto_digitavel === null ? null : (
                        <CopyBox id="boleto" label={t('boletoLine')} text={order.boleto_digitavel} />
                      )}
                      {order.boleto_pdf_url === null ? null : (
                        <p>
                          <a href={order.boleto_pdf_url} target="_blank" rel="noreferrer">
                            {t('boletoPdf')}
                          </a>
                        </p>
                      )}
                    </Section>
                  )}
                </div>
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
