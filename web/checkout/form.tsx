import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { money } from '../shared/format';
import { Button, Notice, useTexts } from '../shared/ui';
import type { Customer, Method, Plan, SessionApi, View } from './api';
import type { CardTokenizer } from './appmax-script';
import { CardFields } from './card-fields';
import { CustomerFields } from './customer-fields';
import { keepCustomer, type Typed } from './fields';
import type { Payment } from './use-payment';

interface FormProps {
  readonly api: SessionApi;
  readonly view: View;
  readonly payment: Payment;
  readonly tokenizer: CardTokenizer | undefined;
  readonly typed: Typed;
  readonly onTyped: (typed: Typed) => void;
  readonly onTotal: (total: number) => void;
}

/** The shopper's details, the choice of a method, and its fields. */
export function Form({ api, view, payment, tokenizer, typed, onTyped, onTotal }: FormProps): JSX.Element {
  const { t, language } = useTexts();
  const [method, setMethod] = useState<Method>(view.methods[0] ?? 'pix');
  const { plans, failed, load } = usePlans(api, method === 'credit_card' && view.max_installments > 1);
  const [scriptFailed, setScriptFailed] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const plan = plans?.find(({ installments }) => installments === typed.installments);
  const total = method === 'credit_card' ? (plan?.total_value ?? view.total_value) : view.total_value;
  useEffect(() => {
    onTotal(total);
  }, [total]);
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
    credit_card: t('payTotal', { total: money(total, language) }),
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
      {view.missing_fields.length === 0 ? null : (
        <CustomerFields
          view={view}
          typed={typed.customer}
          mistakes={payment.mistakes}
          onChange={(field, value) => {
            changeCustomer({ ...typed.customer, [field]: value });
          }}
        />
      )}
      <fieldset class="card">
        <legend>
          <h2>{t('methods')}</h2>
        </legend>
        <Methods
          view={view}
          method={method}
          onChoose={(each) => {
            payment.clear();
            setMethod(each);
          }}
        />
        {method === 'credit_card' ? (
          <CardFields
            view={view}
            typed={typed}
            mistakes={payment.mistakes}
            plans={plans}
            plansFailed={failed}
            onRetryPlans={load}
            onChange={change}
          />
        ) : null}
        {message === undefined ? null : <Notice kind="bad">{t(message)}</Notice>}
        <Button type="submit" busy={payment.busy}>
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

/** Loads the installments when they are needed. */
function usePlans(
  api: SessionApi,
  needed: boolean,
): { readonly plans: readonly Plan[] | undefined; readonly failed: boolean; readonly load: () => void } {
  const [plans, setPlans] = useState<readonly Plan[]>();
  const [failed, setFailed] = useState(false);
  const load = (): void => {
    setFailed(false);
    api.plans().then(setPlans, () => {
      setFailed(true);
    });
  };
  useEffect(() => {
    if (needed && plans === undefined) load();
  }, [needed]);
  return { plans, failed, load };
}
