import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { chooseLanguage } from '../shared/language';
import { textsOf } from '../shared/texts';
import { Texts } from '../shared/ui';
import type { Method, SessionApi, View } from './api';
import { CardTokenizer } from './appmax-script';
import { BoletoCode, PixCode } from './codes';
import { fieldsToFill } from './customer-fields';
import { EMPTY, keepCustomer, keptCustomer, type Typed } from './fields';
import { Form } from './form';
import { Checking, Expired, NotLoaded, Paid } from './outcome';
import { Summary } from './summary';
import { usePayment } from './use-payment';
import { usePlans } from './use-plans';
import { useSession } from './use-session';

/** The content of the page for an open session: the form, or a code to pay. */
type Shown = 'form' | 'pix' | 'boleto';

/** The payment page of a session. */
export function App({ api }: { api: SessionApi }): JSX.Element {
  const session = useSession(api);
  const { view, refresh, follow } = session;
  const language = chooseLanguage(location.search, view?.locale, document.documentElement.lang);
  const t = useMemo(() => textsOf(language), [language]);
  const [chosen, setChosen] = useState<Shown>();
  const [typed, setTyped] = useState<Typed>(() => ({ ...EMPTY, customer: keptCustomer(api.session) }));
  const [chosenMethod, setMethod] = useState<Method>();
  const [corrects, setCorrects] = useState(false);
  const [paidTotal, setPaidTotal] = useState<number>();
  const main = useRef<HTMLElement>(null);

  const tokenizer = useTokenizer(view);
  const method = chosenMethod ?? view?.methods[0] ?? 'pix';
  const isCard = method === 'credit_card';
  const plans = usePlans(api, view, {
    needed: isCard && view?.status === 'open',
    wanted: typed.installments,
  });
  const fields = fieldsToFill(view, corrects);
  const payment = usePayment({
    api,
    view,
    tokenizer,
    fields,
    plan: plans.chosen,
    t,
    refresh,
    onPaid: (method, total) => {
      setCorrects(false);
      setPaidTotal(total);
      setChosen(method === 'credit_card' ? 'form' : method);
    },
    onCustomerRefused: () => {
      setCorrects(true);
      setChosen('form');
    },
    onPriceChanged: plans.load,
  });
  const codes = { pix: view?.pix, boleto: view?.boleto };
  const wanted = chosen ?? (codes.pix ? 'pix' : codes.boleto ? 'boleto' : 'form');
  const shown: Shown = wanted !== 'form' && codes[wanted] === undefined ? 'form' : wanted;
  const isOpen = view?.status === 'open';
  const isForm = shown === 'form' && isOpen;
  const hasCode = codes.pix !== undefined || codes.boleto !== undefined;
  const isChecking = payment.checking || view?.payment_under_way === true;
  // A code of an expired session can still be paid.
  const awaits = view !== undefined && view.status !== 'completed' && (hasCode || isChecking);
  useEffect(() => {
    follow(awaits);
  }, [awaits]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = t('payTitle');
  }, [language]);
  useEffect(() => {
    if (view?.status === 'completed') keepCustomer(view.id, undefined);
    main.current?.querySelector<HTMLElement>('h2[tabindex]')?.focus();
  }, [shown, view?.status]);

  const whole = view?.total_value ?? 0;
  const total = isCard ? (plans.chosen?.total_value ?? whole) : whole;
  const content = (): JSX.Element => {
    if (view === undefined) {
      if (session.failure === undefined) return <p class="loading">{t('loading')}</p>;
      return <NotLoaded isUnknown={session.failure === 'unknown'} onRetry={() => void refresh()} />;
    }
    if (view.status === 'completed') return <Paid view={view} isNew={session.completedHere} />;
    if (isChecking) return <Checking />;
    if (view.status === 'expired' && shown === 'form') return <Expired view={view} />;
    const toForm = (): void => {
      payment.clear();
      setChosen('form');
    };
    if (shown === 'pix' && view.pix !== undefined) {
      return (
        <PixCode
          pix={view.pix}
          now={() => api.now()}
          busy={payment.busy}
          refusal={payment.refusal === undefined ? undefined : t(payment.refusal)}
          onRenew={() => void payment.pay('pix', typed)}
          onOther={isOpen ? toForm : undefined}
        />
      );
    }
    if (shown === 'boleto' && view.boleto !== undefined)
      return <BoletoCode boleto={view.boleto} onOther={isOpen ? toForm : undefined} />;
    return (
      <Form
        view={view}
        fields={fields}
        payment={payment}
        plans={plans}
        tokenizer={tokenizer}
        method={method}
        total={total}
        typed={typed}
        onMethod={setMethod}
        onTyped={setTyped}
        onCorrect={() => {
          setCorrects(true);
        }}
      />
    );
  };
  return (
    <Texts.Provider value={{ language, t }}>
      <header class="top">
        <h1>{t('payTitle')}</h1>
        {view?.cancel_url !== undefined && isOpen ? <a href={view.cancel_url}>{t('cancel')}</a> : null}
      </header>
      <main ref={main} class={view === undefined ? 'page' : 'page two'}>
        {view === undefined ? null : <Summary view={view} total={isForm ? total : (paidTotal ?? whole)} />}
        <div class="steps">{content()}</div>
      </main>
    </Texts.Provider>
  );
}

/** Returns the tokenizer of a session that takes cards. Appmax's script reads the page once, so there is only one. */
function useTokenizer(view: View | undefined): CardTokenizer | undefined {
  const kept = useRef<CardTokenizer>(undefined);
  if (kept.current === undefined && view?.status === 'open' && view.card !== undefined)
    kept.current = new CardTokenizer(view.card);
  return kept.current;
}
