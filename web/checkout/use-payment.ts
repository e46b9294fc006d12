import { useEffect, useRef, useState } from 'preact/hooks';
import { readExpiry } from '../shared/cards';
import { digitsOf } from '../shared/format';
import { isTextKey, type TextKey, type Translate } from '../shared/texts';
import { type Method, Refusal, type SessionApi, type View } from './api';
import { type CardTokenizer, NoToken } from './appmax-script';
import { cardMistakes, customerMistakes, type Mistakes, refusedFields, type Typed } from './fields';

/** A click on a pay button, as it was sent. It is repeated with the same key. */
interface Attempt {
  readonly method: Method;
  readonly typed: string;
  readonly body: unknown;
  readonly key: string;
}

const REPEAT_MILLISECONDS = 10_000;

/** Codes that leave open whether the payment was made. `request_in_progress`: the first request of this key still runs. */
const UNKNOWN_CODES = new Set(['payment_outcome_unknown', 'request_in_progress', 'internal_server_error']);

/** Codes after which the session itself says how it stands. */
const STATE_CODES = new Set([
  'order_replaced',
  'session_expired',
  'session_completed',
  'order_already_paid',
  'payment_in_progress',
]);

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
  readonly t: Translate;
  readonly refresh: () => Promise<View | undefined>;
  /** `total` is what a card paid, with interest. */
  readonly onPaid: (method: Method, total: number | undefined) => void;
}): Payment {
  const { api, view, tokenizer, t, refresh, onPaid } = given;
  const [busy, setBusy] = useState(false);
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [refusal, setRefusal] = useState<TextKey>();
  const [unknown, setUnknown] = useState<Attempt>();
  const running = useRef(false);
  const repeating = useRef(false);
  const lost = useRef<Attempt>(undefined);

  const send = async (attempt: Attempt, isRepeat: boolean): Promise<void> => {
    const path = attempt.method === 'credit_card' ? 'credit-card' : attempt.method;
    try {
      const { total_value: total } = await api.pay<{ total_value?: number }>(path, attempt.body, attempt.key);
      setUnknown(undefined);
      onPaid(attempt.method, total);
      await refresh();
    } catch (error) {
      const { code, status } = error instanceof Refusal ? error : { code: 'other', status: 0 };
      // While the outcome is not known, only an answer about the payment itself ends the waiting.
      const isOpen =
        UNKNOWN_CODES.has(code) || (isRepeat && (status === 0 || status === 429 || status >= 500));
      setUnknown(isOpen ? attempt : undefined);
      if (isOpen) return;
      lost.current = code === 'network' ? attempt : undefined;
      const fields = error instanceof Refusal ? refusedFields(error.fields, t) : {};
      setMistakes(fields);
      setRefusal(textOf(code, fields));
      if (STATE_CODES.has(code)) await refresh();
    }
  };

  useEffect(() => {
    if (unknown === undefined) return undefined;
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
  }, [unknown]);

  const prepare = async (method: Method, typed: Typed, of: View): Promise<Attempt> => {
    const text = JSON.stringify([method, typed]);
    // An answer was lost: the same click is repeated, so that it can't pay twice.
    if (lost.current?.typed === text) return lost.current;
    const customer = Object.fromEntries(
      of.missing_fields.map((field) => [field, (typed.customer[field] ?? '').trim()]),
    );
    const payment = method === 'credit_card' ? { payment: await cardPayment(typed, tokenizer) } : {};
    return { method, typed: text, body: { customer, ...payment }, key: newKey() };
  };

  const pay = async (method: Method, typed: Typed): Promise<void> => {
    if (running.current || view === undefined) return;
    const found = {
      ...customerMistakes(view.missing_fields, typed.customer, t),
      ...(method === 'credit_card' ? cardMistakes(typed, t) : {}),
    };
    setMistakes(found);
    setRefusal(Object.keys(found).length > 0 ? 'fixFields' : undefined);
    if (Object.keys(found).length > 0) return;
    running.current = true;
    setBusy(true);
    try {
      await send(await prepare(method, typed, view), false);
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

/** Turns the card into a token. @returns the payment of the request's body */
async function cardPayment(typed: Typed, tokenizer: CardTokenizer | undefined): Promise<object> {
  const expiry = readExpiry(typed.expiry);
  if (tokenizer === undefined || expiry === undefined) throw new NoToken('script_blocked');
  const token = await tokenizer.tokenize({
    number: digitsOf(typed.number),
    name: typed.name.trim(),
    month: expiry.month,
    year: expiry.year,
    code: typed.code,
  });
  return {
    token,
    holder_name: typed.name.trim(),
    holder_document_number: digitsOf(typed.holderDocument),
    installments: typed.installments,
  };
}

function textOf(code: string, fields: Mistakes): TextKey {
  if (Object.keys(fields).length > 0) return 'fixFields';
  if (code === 'network') return 'offline';
  return isTextKey(code) ? code : 'other';
}

/** Returns a random key. `randomUUID` exists only on secure origins. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
