import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OperationSummary } from '../../../client/src/generated/types';
import { Confirm } from '../components/confirm';
import { useConsole, useTextsOf } from '../context';
import { OPERATION_TEXTS, ORDER_TEXTS } from './texts';

/** Asks what became of an operation whose answer was lost, and stores it. */
export function ResolveOperation({
  operation: { id },
  onResolved,
  onClose,
}: {
  readonly operation: OperationSummary;
  readonly onResolved: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const terms = useTextsOf(OPERATION_TEXTS);
  const { api } = useConsole();
  const [outcome, setOutcome] = useState<'done' | 'not_done'>();
  const [note, setNote] = useState('');
  const choices = [
    ['done', t('resolveDone')],
    ['not_done', t('resolveNotDone')],
  ] as const;
  return (
    <Confirm
      title={t('resolveTitle', { id })}
      action={t('resolveAction')}
      isDangerous
      problem={outcome === undefined || note.trim() === '' ? t('resolveProblem') : undefined}
      onClose={onClose}
      onConfirm={async () => {
        const { state } = await api.resolveOperation({ id, body: { outcome: outcome ?? 'not_done', note } });
        onResolved();
        return t('resolved', { id, state: terms(state) });
      }}
    >
      <p>{t('resolveText')}</p>
      <fieldset>
        <legend class="visually-hidden">{t('resolveTitle', { id })}</legend>
        {choices.map(([value, text]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="outcome"
              checked={outcome === value}
              onChange={() => {
                setOutcome(value);
              }}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="note">{t('resolveNote')}</label>
        <textarea
          id="note"
          rows={2}
          maxLength={1000}
          value={note}
          onInput={({ currentTarget }) => {
            setNote(currentTarget.value);
          }}
        />
      </div>
    </Confirm>
  );
}
