import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { DeliverySummary } from '../../../client/src/generated/types';
import { Confirm } from '../components/confirm';
import { Progress } from '../components/progress';
import { useConsole, useTextsOf } from '../context';
import { count, minute } from '../format';
import { fieldOf } from './states';
import { NOTIFICATION_TERMS, NOTIFICATION_TEXTS } from './texts';

/** The notifications of one call. The API takes 200, and puts all of a call into one transaction. */
const BATCH = 50;

/** Asks which of the failed notifications to send again, and does it in batches. */
export function ReplayNotifications({
  deliveries,
  onDone,
  onClose,
}: {
  readonly deliveries: readonly DeliverySummary[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(NOTIFICATION_TEXTS);
  const terms = useTextsOf(NOTIFICATION_TERMS);
  const { api, language } = useConsole();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set(deliveries.map(({ id }) => id)));
  const [done, setDone] = useState<number>();
  const choose = (ids: readonly number[], isChosen: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids) next[isChosen ? 'add' : 'delete'](id);
    setChosen(next);
  };
  const total = count(chosen.size, language);
  return (
    <Confirm
      title={t('replayFailedTitle')}
      action={t('replayChosen', { count: total })}
      problem={chosen.size === 0 ? t('replayNone') : undefined}
      onClose={onClose}
      onConfirm={async () => {
        // Oldest first, so that what was changed first is sent first.
        const ids = [...chosen].sort((a, b) => a - b);
        for (let start = 0; start < ids.length; start += BATCH) {
          setDone(start);
          await api.replayNotifications({ body: { ids: ids.slice(start, start + BATCH) } });
        }
        onDone();
        return t('replayedMany', { count: total });
      }}
    >
      <p>{t('replayText')}</p>
      <p class="hint">{t('replayLoaded')}</p>
      {done === undefined ? (
        <fieldset class="selection">
          <legend class="visually-hidden">{t('replayFailedTitle')}</legend>
          <label class="choice">
            <input
              type="checkbox"
              checked={chosen.size === deliveries.length}
              onChange={({ currentTarget: { checked } }) => {
                choose(
                  deliveries.map(({ id }) => id),
                  checked,
                );
              }}
            />
            <strong>{t('replayAll')}</strong>
          </label>
          {deliveries.map((delivery) => (
            <label key={delivery.id} class="choice">
              <input
                type="checkbox"
                checked={chosen.has(delivery.id)}
                onChange={({ currentTarget: { checked } }) => {
                  choose([delivery.id], checked);
                }}
              />
              <span>
                {terms(delivery.type)} · {fieldOf(delivery, 'order_id') ?? fieldOf(delivery, 'key')} ·{' '}
                {minute(delivery.created_at, language)}
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <Progress
          label={t('replaying', { count: count(done, language), total })}
          value={done}
          maximum={chosen.size}
        />
      )}
    </Confirm>
  );
}
