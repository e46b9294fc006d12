import type { JSX } from 'preact';
import { brandOf, groupedExpiry, groupedNumber } from '../shared/cards';
import { groupedDocument } from '../shared/documents';
import { digitsOf, money } from '../shared/format';
import { Field, Notice, useTexts } from '../shared/ui';
import type { Plan, View } from './api';
import type { Mistakes, Typed } from './fields';
import type { Plans } from './use-plans';

interface CardFieldsProps {
  readonly view: View;
  readonly typed: Typed;
  readonly mistakes: Mistakes;
  readonly plans: Plans;
  readonly onChange: (changes: Partial<Typed>) => void;
}

/** The fields of a card. They have no `name`, so that no form can send them. */
export function CardFields(props: CardFieldsProps): JSX.Element {
  const { typed, mistakes, onChange } = props;
  const { t } = useTexts();
  const brand = brandOf(typed.number);
  return (
    <div class="grid">
      <Field
        id="card-number"
        label={t('cardNumber')}
        autocomplete="cc-number"
        inputMode="numeric"
        format={groupedNumber}
        mark={brand?.name}
        value={typed.number}
        error={mistakes['card-number']}
        onValue={(number) => {
          onChange({ number });
        }}
      />
      <Field
        id="card-name"
        label={t('cardName')}
        autocomplete="cc-name"
        value={typed.name}
        error={mistakes['card-name']}
        onValue={(name) => {
          onChange({ name });
        }}
      />
      <Field
        id="card-expiry"
        label={t('cardExpiry')}
        autocomplete="cc-exp"
        inputMode="numeric"
        placeholder="08/29"
        format={groupedExpiry}
        value={typed.expiry}
        error={mistakes['card-expiry']}
        onValue={(expiry) => {
          onChange({ expiry });
        }}
      />
      <Field
        id="card-code"
        label={t('cardCode')}
        hint={t('cardCodeHint')}
        autocomplete="cc-csc"
        inputMode="numeric"
        format={(text) => digitsOf(text).slice(0, 4)}
        value={typed.code}
        error={mistakes['card-code']}
        onValue={(code) => {
          onChange({ code });
        }}
      />
      <Field
        id="holder-document"
        label={t('holderDocument')}
        autocomplete="off"
        inputMode="numeric"
        format={groupedDocument}
        value={typed.holderDocument}
        error={mistakes['holder-document']}
        onValue={(holderDocument) => {
          onChange({ holderDocument });
        }}
      />
      <PlanField {...props} />
    </div>
  );
}

/** The choice of a number of installments, with the true totals. */
function PlanField({ view, typed, plans, onChange }: CardFieldsProps): JSX.Element | null {
  const { t, language } = useTexts();
  if (view.max_installments < 2) return null;
  const { choices, chosen, failed, load } = plans;
  const text = ({ installments: count, value, total_value: cents }: Plan): string => {
    const total = money(cents, language);
    if (count === 1) return t('planOnce', { total });
    const key = cents === view.total_value ? 'planFree' : 'plan';
    return t(key, { count, value: money(value, language), total });
  };
  return (
    <div class="field wide">
      <label for="installments">{t('installments')}</label>
      <select
        id="installments"
        value={String(chosen?.installments ?? '')}
        onChange={(event) => {
          onChange({ installments: Number(event.currentTarget.value) });
        }}
      >
        {chosen === undefined ? (
          <option value="" disabled>
            {t('planMissing', { count: typed.installments })}
          </option>
        ) : null}
        {choices.map((plan) => (
          <option key={plan.installments} value={String(plan.installments)}>
            {text(plan)}
          </option>
        ))}
      </select>
      {failed ? (
        <Notice kind="info">
          {t('installments_failed')}{' '}
          <button type="button" class="link" onClick={load}>
            {t('retry')}
          </button>
        </Notice>
      ) : null}
    </div>
  );
}
