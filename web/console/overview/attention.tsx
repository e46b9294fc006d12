import type { JSX } from 'preact';
import type { Attention as AttentionAnswer } from '../../../client/src/generated/types';
import { Section } from '../components/detail';
import { Status } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { count, dateTime } from '../format';
import { hrefTo, type QueryValues } from '../router';
import { OVERVIEW_TEXTS } from './texts';

type Item = Exclude<keyof AttentionAnswer, 'oldest_unknown_at'>;

/** The view that shows more about each item. One that the console does not have gives no link. */
const LINKS: Readonly<Record<Item, readonly [path: string, query: QueryValues]>> = {
  unknown_operations: ['/operations', { state: 'unknown' }],
  paid_twice: ['/operations', { paid_twice: 'true' }],
  events_set_aside: ['/webhooks', { outcome: 'set_aside' }],
  events_failing: ['/webhooks', { outcome: 'waiting' }],
  refused_credentials: ['/shops', {}],
  quota_nearly_used: ['/shops', {}],
  open_circuits: ['/shops', {}],
  open_shop_circuits: ['/shops', {}],
};

/** Lists what needs a person, with links. */
export function Attention({ attention }: { readonly attention: AttentionAnswer }): JSX.Element {
  const t = useTextsOf(OVERVIEW_TEXTS);
  const { language, hasView } = useConsole();
  const items = (Object.keys(LINKS) as Item[]).filter((item) => attention[item] > 0);
  return (
    <Section title={t('attention')}>
      {items.length === 0 ? <Status kind="good" text={t('nothing')} /> : null}
      <ul class="attention">
        {items.map((item) => {
          const [path, query] = LINKS[item];
          return (
            <li key={item}>
              <Status kind="bad" text={count(attention[item], language)} />
              {hasView(path) ? <a href={hrefTo(path, query)}>{t(item)}</a> : <span>{t(item)}</span>}
              {item === 'unknown_operations' && attention.oldest_unknown_at !== null ? (
                <span class="hint">
                  {t('since', { time: dateTime(attention.oldest_unknown_at, language) })}
                </span>
              ) : null}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
