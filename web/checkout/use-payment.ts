import { useEffect, useRef, useState } from 'preact/hooks';
import type { TextKey, Translate } from '../shared/texts';
import { type CustomerField, type Method, type Plan, Refusal, type SessionApi, type View } from './api';
import { type CardTokenizer, NoToken } from './appmax-script';
import { type Attempt, paymentBody } from './attempt';
import { cardMistakes, customerMistakes, type Mistakes, refusedFields, type Typed } from './fields';
import { isUnderWay, leavesOpen, refusesCustomer, saysUnknown, STATE_CODES, textOf } from './refusals';

const REPEAT_MILLISECONDS = 10_000;

export interface Payment {
  readonly busy: boolean;
  readonly mistakes: Mistakes;
  /** The text that the shopper reads after a refusal. */
  readonly refusal: TextKey | undefined;
  /** True while the outcome of a payment is not known. */
  readonly checking: boolean;
  readonly pay: (method: Method, typed: Typed) => Promise<void>;
  readonly clear: () => void;
}

/** Pays a session. A second click while a payment runs does nothing. */
export function usePayment(given: {
  readonly api: SessionApi;
  readonly view: View | undefined;
  readonly tokenizer: CardTokenizer | undefined;
  /** The fields of the customer that the form shows. */
  readonly fields: readonly CustomerField[];
  /** The installments that the page shows for a card. */
  readonly plan: Plan | undefined;
  readonly t: Translate;
  readonly refresh: () => Promise<View | undefined>;
  /** `total` is what a card paid, with interest. */
  readonly onPaid: (method: Method, total: number | undefined) => void;
  readonly onCustomerRefused: () => void;
  readonly onPriceChanged: () => void;
}): Payment {
  const { api, view, tokenizer, fields, plan, t, refresh } = given;
  const [busy, setBusy] = useState(false);
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [refusal, setRefusal] = useState<TextKey>();
  const [unknown, setUnknown] = useState<Attempt>();
  const running = useRef(false);
  const repeating = useRef(false);
  const lost = useRef<Attempt>(undefined);
  const latest = useRef(view);
  latest.current = view;

  const send = async (attempt: Attempt, isRepeat: boolean): Promise<void> => {
    const before = latest.current;
    const path = attempt.method === 'credit_card' ? 'credit-card' : attempt.method;
    try {
      const { total_value: total } = await api.pay<{ total_value?: number }>(path, attempt.body, attempt.key);
      lost.current = undefined;
      given.onPaid(attempt.method, total);
      // Without the new view the page would show the form of a payment that was made.
      setUnknown((await refresh()) === undefined ? attempt : undefined);
    } catch (error) {
      const answer = error instanceof Refusal ? error : new Refusal(0, 'other');
      if (leavesOpen(answer, isRepeat)) await wait(attempt, answer, isRepeat ? before : undefined);
      else await refuse(answer);
    }
  };

  /**
   * Keeps the attempt after an answer that leaves its outcome open.
   * @param before the view before a repetition; undefined for the click itself
   */
  const wait = async (attempt: Attempt, answer: Refusal, before: View | undefined): Promise<void> => {
    const after = await refresh();
    const isOffline = before === undefined && answer.status === 0 && after === undefined;
    // The service knows of no payment under way, before and after the repetition: waiting would not end.
    const isOver = !saysUnknown(answer) && isUnderWay(before) === false && isUnderWay(after) === false;
    setUnknown(isOffline || isOver ? undefined : attempt);
    if (!isOffline && !isOver) return;
    lost.current = answer.code === 'payment_in_progress' ? undefined : attempt;
    const isRefusal = answer.status === 409 || answer.status === 429;
    setRefusal(isOffline ? 'offline' : isRefusal ? textOf(answer.code, {}) : 'unconfirmed');
  };

  const refuse = async (answer: Refusal): Promise<void> => {
    const isOfCustomer = refusesCustomer(answer);
    lost.current = undefined;
    if (isOfCustomer) given.onCustomerRefused();
    if (answer.code === 'price_changed') given.onPriceChanged();
    if (isOfCustomer || STATE_CODES.has(answer.code) || isUnderWay(latest.current) === true) await refresh();
    const found = refusedFields(answer.fields, t);
    setUnknown(undefined);
    setMistakes(found);
    setRefusal(textOf(answer.code, found));
  };

  const isCompleted = view?.status === 'completed';
  useEffect(() => {
    if (unknown === undefined || isCompleted) return undefined;
    // The same key never pays again: it answers with the outcome once that is known.
    const repeat = async (): Promise<void> => {
      if (repeating.current) return;
      repeating.current = true;
      await send(unknown, true);
      repeating.current = false;
    };
    const timer = setInterval(() => void repeat(), REPEAT_MILLISECONDS);
    return () => {
      clearInterval(timer);
    };
  }, [unknown, isCompleted]);

  const prepare = async (method: Method, typed: Typed): Promise<Attempt> => {
    const text = JSON.stringify([method, typed, method === 'credit_card' ? plan : undefined]);
    // An answer was lost: the same click is repeated, so that it can't pay twice.
    if (lost.current?.typed === text) return lost.current;
    const body = await paymentBody({ method, typed, fields, plan, tokenizer });
    return { method, typed: text, body, key: newKey() };
  };

  const pay = async (method: Method, typed: Typed): Promise<void> => {
    if (running.current || view === undefined || (method === 'credit_card' && plan === undefined)) return;
    const found = {
      ...customerMistakes(fields, typed.customer, t),
      ...(method === 'credit_card' ? cardMistakes(typed, t) : {}),
    };
    setMistakes(found);
    setRefusal(Object.keys(found).length > 0 ? 'fixFields' : undefined);
    if (Object.keys(found).length > 0) return;
    running.current = true;
    setBusy(true);
    try {
      await send(await prepare(method, typed), false);
    } catch (error) {
      setRefusal(error instanceof NoToken ? error.reason : 'other');
    } finally {
      running.current = false;
      setBusy(false);
    }
  };

  const clear = (): void => {
    setMistakes({});
    setRefusal(undefined);
  };
  return { busy, mistakes, refusal, checking: unknown !== undefined, pay, clear };
}

/** Returns a random key. `randomUUID` exists only on secure origins. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
