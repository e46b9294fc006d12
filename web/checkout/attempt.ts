import { readExpiry } from '../shared/cards';
import { digitsOf } from '../shared/format';
import type { CustomerField, Method, Plan } from './api';
import { type CardTokenizer, NoToken } from './appmax-script';
import type { Typed } from './fields';

/** A click on a pay button, as it was sent. It is repeated with the same key. */
export interface Attempt {
  readonly method: Method;
  readonly typed: string;
  readonly body: unknown;
  readonly key: string;
}

/** Returns the body of a payment. A card becomes a token. @throws NoToken if there is none */
export async function paymentBody(given: {
  readonly method: Method;
  readonly typed: Typed;
  readonly fields: readonly CustomerField[];
  readonly plan: Plan | undefined;
  readonly tokenizer: CardTokenizer | undefined;
}): Promise<object> {
  const { method, typed, fields, plan, tokenizer } = given;
  const customer = Object.fromEntries(fields.map((field) => [field, (typed.customer[field] ?? '').trim()]));
  if (method !== 'credit_card' || plan === undefined) return { customer };
  return { customer, payment: await cardPayment(typed, plan, tokenizer) };
}

/** Turns the card into a token. @returns the payment of the request's body, with the installments and the total shown */
async function cardPayment(
  typed: Typed,
  { installments, total_value }: Plan,
  tokenizer: CardTokenizer | undefined,
): Promise<object> {
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
    installments,
    total_value,
  };
}
