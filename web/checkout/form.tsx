import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { money } from '../shared/format';
import { Button, Notice, useTexts } from '../shared/ui';
import type { Customer, CustomerField, Method, View } from './api';
import type { CardTokenizer } from './appmax-script';
import { CardFields } from './card-fields';
import { CustomerFields } from './customer-fields';
import { keepCustomer, type Typed } from './fields';
import type { Payment } from './use-payment';
import type { Plans } from './use-plans';

interface FormProps {
  readonly view: View;
  /** The customer's fields that are shown. */
  readonly fields: readonly CustomerField[];
  readonly payment: Payment;
  readonly plans: Plans;
  readonly tokenizer: CardTokenizer | undefined;
  readonly method: Method;
  readonly total: number;
  readonly typed: Typed;
  readonly onMethod: (method: Method) => void;
  readonly onTyped: (typed: Typed) => void;
  readonly onCorrect: () => void;
}

/** The shopper's details, the choice of a method, and its fields. */
export function Form(props: FormProps): JSX.Element {
  const { view, fields, payment, plans, tokenizer, method, total, typed, onMethod, onTyped, onCorrect } =
    props;
  const { t, language } = useTexts();
  const [scriptFailed, setScriptFailed] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The script loads while the shopper types.
    if (method !== 'credit_card') return;
    tokenizer?.load().then(
      () => {
        setScriptFailed(false);
      },
      () => {
        setScriptFailed(true);
      },
    );
  }, [method, tokenizer]);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [payment.mistakes]);
  const change = (changes: Partial<Typed>): void => {
    onTyped({ ...typed, ...changes });
  };
  const changeCustomer = (customer: Customer): void => {
    keepCustomer(view.id, customer);
    change({ customer });
  };
  const labels: Readonly<Record<Method, string>> = {
    credit_card:
      plans.chosen === undefined
        ? t(plans.failed ? 'choosePlan' : 'loading')
        : t('payTotal', { total: money(total, language) }),
    pix: t('makePix', { total: money(total, language) }),
    boleto: t('makeBoleto', { total: money(total, language) }),
  };
  const message =
    payment.refusal ?? (scriptFailed && method === 'credit_card' ? 'script_blocked' : undefined);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void payment.pay(method, typed);
      }}
    >
      <CustomerFields
        view={view}
        fields={fields}
        typed={typed.customer}
        mistakes={payment.mistakes}
        onChange={(field, value) => {
          changeCustomer({ ...typed.customer, [field]: value });
        }}
        onCorrect={onCorrect}
      />
      <fieldset class="card">
        <legend>
          <h2>{t('methods')}</h2>
        </legend>
        <Methods
          view={view}
          method={method}
          onChoose={(each) => {
            payment.clear();
            onMethod(each);
          }}
        />
        {method === 'credit_card' ? (
          <CardFields view={view} typed={typed} mistakes={payment.mistakes} plans={plans} onChange={change} />
        ) : null}
        {message === undefined ? null : <Notice kind="bad">{t(message)}</Notice>}
        <Button
          type="submit"
          busy={payment.busy}
          disabled={method === 'credit_card' && plans.chosen === undefined}
        >
          {labels[method]}
        </Button>
        {method === 'credit_card' ? <p class="hint">{t('secureCard')}</p> : null}
      </fieldset>
    </form>
  );
}

/** The choice of a payment method. */
function Methods({
  view,
  method,
  onChoose,
}: {
  readonly view: View;
  readonly method: Method;
  readonly onChoose: (method: Method) => void;
}): JSX.Element {
  const { t } = useTexts();
  const hints: Readonly<Record<Method, string>> = {
    credit_card: t('cardHint', { count: view.max_installments }),
    pix: t('pixHint'),
    boleto: t('boletoHint'),
  };
  return (
    <div class="methods">
      {view.methods.map((each) => (
        <label key={each} class={each === method ? 'method chosen' : 'method'}>
          <input
            type="radio"
            name="method"
            value={each}
            checked={each === method}
            onChange={() => {
              onChoose(each);
            }}
          />
          <span>
            {t(each)}
            <small>{hints[each]}</small>
          </span>
        </label>
      ))}
    </div>
  );
}
