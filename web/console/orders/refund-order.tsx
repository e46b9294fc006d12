import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OrderTimeline } from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { Confirm } from '../components/confirm';
import { useConsole, useTextsOf } from '../context';
import { centsOf } from '../format';
import { ORDER_TEXTS } from './texts';

/** The states of refunds that count: the money was returned, or may be. */
const COUNTED: ReadonlySet<string> = new Set(['prepared', 'sent', 'unknown', 'done', 'confirmed']);

/** Returns what is left to return of an order, in cents. */
export function refundable({ order, operations }: Pick<OrderTimeline, 'order' | 'operations'>): number {
  const returned = operations
    .filter(({ kind, state }) => kind === 'refund' && COUNTED.has(state))
    .reduce((sum, { amount_cents: cents }) => sum + (cents ?? order.total_cents), 0);
  return Math.max(0, order.total_cents - returned);
}

/** Asks how much of an order to return and why, and requests the refund. */
export function RefundOrder({
  timeline,
  onDone,
  onClose,
}: {
  readonly timeline: OrderTimeline;
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(ORDER_TEXTS);
  const { api, language } = useConsole();
  const { order } = timeline;
  const left = refundable(timeline);
  const mayBeWhole = left === order.total_cents;
  const [isWhole, setWhole] = useState(mayBeWhole);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const value = isWhole ? left : (centsOf(amount) ?? 0);
  const amountOf = (cents: number): string => money(cents, language);
  const isValid = value >= 1 && value <= left;
  const problem = !isValid
    ? t('refundAmountProblem', { minimum: amountOf(1), maximum: amountOf(left) })
    : reason.trim() === ''
      ? t('refundReasonProblem')
      : undefined;
  const choices = [
    [true, t('refundWhole', { total: amountOf(left) })],
    [false, t('refundPart')],
  ] as const;
  return (
    <Confirm
      title={t('refundTitle', { id: order.order_id })}
      action={isValid ? t('refundAction', { value: amountOf(value) }) : t('refund')}
      isDangerous
      problem={problem}
      onClose={onClose}
      onConfirm={async () => {
        const part = isWhole ? ({ type: 'total' } as const) : ({ type: 'partial', value } as const);
        await api.requestRefund({
          key: order.external_key,
          body: { order_id: order.order_id, ...part, reason: reason.trim() },
        });
        onDone();
        return t('refundDone', { value: amountOf(value) });
      }}
    >
      <p>{t('refundText')}</p>
      {mayBeWhole ? (
        <fieldset>
          <legend class="visually-hidden">{t('refund')}</legend>
          {choices.map(([each, text]) => (
            <label key={text} class="choice">
              <input
                type="radio"
                name="type"
                checked={isWhole === each}
                onChange={() => {
                  setWhole(each);
                }}
              />
              {text}
            </label>
          ))}
        </fieldset>
      ) : null}
      {isWhole ? null : (
        <div class="field">
          <label for="amount">{t('refundAmount', { maximum: amountOf(left) })}</label>
          <input
            id="amount"
            inputMode="decimal"
            autocomplete="off"
            value={amount}
            onInput={({ currentTarget }) => {
              setAmount(currentTarget.value);
            }}
          />
        </div>
      )}
      <div class="field">
        <label for="reason">{t('refundReason')}</label>
        <textarea
          id="reason"
          rows={2}
          maxLength={500}
          value={reason}
          aria-describedby="reason-hint"
          onInput={({ currentTarget }) => {
            setReason(currentTarget.value);
          }}
        />
        <p class="hint" id="reason-hint">
          {t('refundReasonHint')}
        </p>
      </div>
    </Confirm>
  );
}
