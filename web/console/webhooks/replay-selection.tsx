import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Confirm } from '../components/confirm';
import { Progress } from '../components/progress';
import { useConsole, useTextsOf } from '../context';
import { startOfDay } from '../format';
import { type Outcome, useReplayedText } from './outcome';
import { WEBHOOK_TEXTS } from './texts';

const OUTCOMES = ['set_aside', 'waiting'] as const;

/** Processes a selection of webhooks again, a few per request, and shows how far it is. */
export function ReplaySelection({
  query,
  onDone,
  onClose,
}: {
  /** The filters of the list, with which the fields begin. */
  readonly query: URLSearchParams;
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  const replayed = useReplayedText();
  const { api } = useConsole();
  const [fields, setFields] = useState({
    since: query.get('from') ?? '',
    outcome: query.get('outcome') === 'waiting' ? 'waiting' : 'set_aside',
    event: query.get('event') ?? '',
    orderId: query.get('order_id') ?? '',
  });
  const [progress, setProgress] = useState<{ done: number; remaining: number }>();
  // After a failure the next press continues behind the last event of the answers before.
  const position = useRef<{ after: number; outcomes: Outcome[] }>({ after: 0, outcomes: [] });
  const since = startOfDay(fields.since);
  const change = (name: keyof typeof fields, value: string): void => {
    position.current = { after: 0, outcomes: [] };
    setProgress(undefined);
    setFields((before) => ({ ...before, [name]: value }));
  };
  const run = async (): Promise<string> => {
    const { current } = position;
    const selection = {
      since,
      outcome: fields.outcome as Outcome,
      ...(fields.event.trim() === '' ? {} : { event: fields.event.trim() }),
      ...(fields.orderId.trim() === '' ? {} : { order_id: Number(fields.orderId) }),
    };
    for (let after: number | null = current.after; after !== null;) {
      const answer: Awaited<ReturnType<typeof api.replayWebhookEvents>> = await api.replayWebhookEvents({
        body: { ...selection, after },
      });
      current.outcomes.push(...answer.replayed.map(({ outcome }) => outcome));
      after = answer.next_after;
      current.after = after ?? current.after;
      setProgress({ done: current.outcomes.length, remaining: answer.remaining });
    }
    onDone();
    return replayed(current.outcomes);
  };
  const problem =
    since === undefined
      ? t('sinceProblem')
      : /^\d{0,15}$/.test(fields.orderId.trim())
        ? undefined
        : t('orderProblem');
  const texts = [
    ['event', t('event')],
    ['orderId', t('orderId')],
  ] as const;
  return (
    <Confirm
      title={t('replayManyTitle')}
      action={t('replay')}
      problem={problem}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('replayManyText')}</p>
      <div class="field">
        <label for="replay-since">{t('since')}</label>
        <input
          id="replay-since"
          type="date"
          value={fields.since}
          onInput={({ currentTarget: { value } }) => {
            change('since', value);
          }}
        />
      </div>
      <div class="field">
        <label for="replay-outcome">{t('outcome')}</label>
        <select
          id="replay-outcome"
          value={fields.outcome}
          onChange={({ currentTarget: { value } }) => {
            change('outcome', value);
          }}
        >
          {OUTCOMES.map((each) => (
            <option key={each} value={each}>
              {t(each)}
            </option>
          ))}
        </select>
      </div>
      {texts.map(([name, label]) => (
        <div key={name} class="field">
          <label for={`replay-${name}`}>{t('optional', { name: label })}</label>
          <input
            id={`replay-${name}`}
            autocomplete="off"
            value={fields[name]}
            onInput={({ currentTarget: { value } }) => {
              change(name, value);
            }}
          />
        </div>
      ))}
      {progress === undefined ? null : (
        <Progress
          label={t('progress', progress)}
          value={progress.done}
          maximum={progress.done + progress.remaining}
        />
      )}
    </Confirm>
  );
}
