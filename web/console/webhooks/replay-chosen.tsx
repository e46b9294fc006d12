import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Confirm } from '../components/confirm';
import { Progress } from '../components/progress';
import { useConsole, useTextsOf } from '../context';
import type { Outcome } from './outcome';
import { useReplayedText } from './outcome';
import { WEBHOOK_TEXTS } from './texts';

/** Processes webhooks again that were chosen by hand, one after the other, and shows how far it is. */
export function ReplayChosen({
  ids,
  onDone,
  onClose,
}: {
  readonly ids: readonly number[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  const replayed = useReplayedText();
  const { api } = useConsole();
  // Oldest first, as they were received.
  const queue = [...ids].sort((a, b) => a - b);
  const [done, setDone] = useState<number>();
  // After a failure the next press continues with the webhook that failed.
  const outcomes = useRef<Outcome[]>([]);
  return (
    <Confirm
      title={t('replayChosenTitle')}
      action={t('replayChosen', { count: queue.length })}
      onClose={() => {
        if (outcomes.current.length > 0) onDone();
        onClose();
      }}
      onConfirm={async () => {
        for (const id of queue.slice(outcomes.current.length)) {
          setDone(outcomes.current.length);
          const { outcome } = await api.replayWebhookEvent({ id });
          outcomes.current.push(outcome);
        }
        return replayed(outcomes.current);
      }}
    >
      <p>{t('replayChosenText')}</p>
      {done === undefined ? null : (
        <Progress
          label={t('progress', { done, remaining: queue.length - done })}
          value={done}
          maximum={queue.length}
        />
      )}
    </Confirm>
  );
}
