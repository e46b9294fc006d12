import type { JSX } from 'preact';
import type { Statistics, Sums } from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { BarList } from '../components/bar-list';
import { Chart, Table } from '../components/chart';
import { Section } from '../components/detail';
import { Loaded } from '../components/states';
import { useMethodText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { count, dateTime, percent, shortDay } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import { Attention } from './attention';
import { allDays, sumsBy } from './sums';
import { OVERVIEW_TEXTS } from './texts';

/** The shops in the chart; the table behind it has all that the API answers. */
const BARS = 8;

/** Today and the last 30 days, and what needs a person. */
export function OverviewView(): JSX.Element {
  const t = useTextsOf(OVERVIEW_TEXTS);
  const { api, language, changes } = useConsole();
  const overview = useQuery('overview', (signal) => api.getOverview({ signal }));
  const statistics = useQuery('statistics', (signal) => api.getStatistics({ signal }));
  useLiveReload(changes, () => {
    overview.reload();
    statistics.reload();
  });
  return (
    <>
      <div class="view-head">
        <h1>{t('overview')}</h1>
        {overview.data === undefined ? null : (
          <span class="hint">{t('asOf', { time: dateTime(overview.data.as_of, language) })}</span>
        )}
      </div>
      <Loaded query={overview}>
        {({ today, last_30_days: month, attention }) => (
          <>
            <Attention attention={attention} />
            <Tiles title={t('today')} sums={today} />
            <Tiles title={t('month')} sums={month} />
          </>
        )}
      </Loaded>
      <Loaded query={statistics}>{(data) => <Charts statistics={data} />}</Loaded>
    </>
  );
}

function Tiles({ title, sums }: { readonly title: string; readonly sums: Sums }): JSX.Element {
  const t = useTextsOf(OVERVIEW_TEXTS);
  const { language } = useConsole();
  const write = (value: number): string => count(value, language);
  const tiles = [
    [t('sold'), money(sums.paid_cents, language), t('soldOrders', { count: write(sums.paid) })],
    [t('refunded'), money(sums.refunded_cents, language), t('refunds', { count: write(sums.refunds) })],
    [
      t('conversion'),
      percent(sums.paid, sums.orders, language),
      t('conversionOf', { count: write(sums.orders) }),
    ],
    [t('declines'), write(sums.declines), t('declinesHint')],
  ] as const;
  return (
    <section aria-label={title}>
      <h2 class="tiles-title">{title}</h2>
      <dl class="tiles">
        {tiles.map(([name, value, hint]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value}
              <small>{hint}</small>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Charts({ statistics }: { readonly statistics: Statistics }): JSX.Element {
  const t = useTextsOf(OVERVIEW_TEXTS);
  const { language } = useConsole();
  const method = useMethodText();
  const amount = (cents: number): string => money(cents, language);
  const write = (value: number): string => count(value, language);
  const { days, shops, pix_waits: waits } = statistics;
  const ofDay = sumsBy(days, ({ day }) => day);
  const methods = [...sumsBy(days, ({ payment_method: each }) => each)].sort(
    ([, one], [, other]) => other.paid_cents - one.paid_cents,
  );
  const hrefs = shops.map(({ external_key: key }) => hrefTo('/orders', { external_key: key }));
  const rowOf = (sums: Sums): string[] => [
    amount(sums.paid_cents),
    amount(sums.refunded_cents),
    percent(sums.paid, sums.orders, language),
    write(sums.declines),
  ];
  const names = [t('sold'), t('refunded'), t('conversion'), t('declines')];
  if (statistics.totals.orders === 0) return <div class="empty">{t('noSales')}</div>;
  return (
    <>
      <Section title={t('perDay')}>
        <Chart
          title={t('sold')}
          names={[t('day'), t('sold')]}
          write={amount}
          bars={allDays(statistics.from, statistics.to).map((day) => ({
            label: shortDay(day, language),
            value: ofDay.get(day)?.paid_cents ?? 0,
          }))}
        />
      </Section>
      <div class="columns even">
        <Section title={t('byMethod')}>
          <BarList
            title={t('sold')}
            write={amount}
            bars={methods.map(([name, { paid_cents: value }]) => ({ label: method(name), value }))}
            table={
              <Table
                names={[t('method'), ...names]}
                rows={methods.map(([name, sums]) => [method(name), ...rowOf(sums)])}
              />
            }
          />
        </Section>
        <Section title={t('byShop')}>
          <BarList
            title={t(shops.length > BARS ? 'soldMost' : 'sold', { count: BARS })}
            write={amount}
            bars={shops.slice(0, BARS).map(({ external_key: label, paid_cents: value }, index) => ({
              label,
              value,
              href: hrefs[index],
            }))}
            table={
              <Table
                names={[t('shop'), ...names]}
                rows={shops.map((shop) => [shop.external_key, ...rowOf(shop)])}
                hrefs={hrefs}
              />
            }
          />
        </Section>
      </div>
      <div class="columns even spaced">
        <Section title={t('pixWaits')}>
          {waits.every(({ paid }) => paid === 0) ? (
            <p class="hint">{t('noPix')}</p>
          ) : (
            <Chart
              title={t('payments')}
              names={[t('waited'), t('payments')]}
              write={write}
              bars={waits.map(({ up_to_seconds: seconds, paid }) => ({
                label: seconds === null ? t('longer') : t('upTo', { time: lengthOf(seconds) }),
                value: paid,
              }))}
            />
          )}
        </Section>
      </div>
    </>
  );
}

/** Writes a round time: `30 s`, `5 min`, `2 h`. */
function lengthOf(seconds: number): string {
  if (seconds < 60) return `${String(seconds)} s`;
  return seconds < 3_600
    ? `${String(Math.round(seconds / 60))} min`
    : `${String(Math.round(seconds / 3_600))} h`;
}
