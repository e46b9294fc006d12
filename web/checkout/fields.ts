import { brandOf, isCardNumber, isPast, readExpiry } from '../shared/cards';
import { isDocument } from '../shared/documents';
import { digitsOf } from '../shared/format';
import type { TextKey, Translate } from '../shared/texts';
import type { Customer, CustomerField } from './api';

/** Everything that the shopper types. */
export interface Typed {
  readonly customer: Customer;
  readonly number: string;
  readonly name: string;
  readonly expiry: string;
  readonly code: string;
  readonly holderDocument: string;
  readonly installments: number;
}

export const EMPTY: Typed = {
  customer: {},
  number: '',
  name: '',
  expiry: '',
  code: '',
  holderDocument: '',
  installments: 1,
};

/** The mistakes, by the ids of their fields. */
export type Mistakes = Readonly<Record<string, string>>;

const CHECKS: Readonly<Record<CustomerField, (value: string) => TextKey | undefined>> = {
  first_name: () => undefined,
  last_name: () => undefined,
  email: (value) => (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value) ? undefined : 'badEmail'),
  phone: (value) => ([10, 11].includes(digitsOf(value).length) ? undefined : 'badPhone'),
  document_number: (value) => (isDocument(value) ? undefined : 'badDocument'),
};

/** Returns the mistakes in the customer's fields. */
export function customerMistakes(fields: readonly CustomerField[], typed: Customer, t: Translate): Mistakes {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = (typed[field] ?? '').trim();
      const mistake = value === '' ? 'required' : CHECKS[field](value);
      return mistake === undefined ? [] : [[field, t(mistake)]];
    }),
  );
}

/** Returns the mistakes in the card's fields. */
export function cardMistakes(typed: Typed, t: Translate): Mistakes {
  const mistakes: Record<string, string> = {};
  const add = (field: string, value: string, mistake: string | undefined): void => {
    if (value.trim() === '') mistakes[field] = t('required');
    else if (mistake !== undefined) mistakes[field] = mistake;
  };
  const expiry = readExpiry(typed.expiry);
  const codeLength = brandOf(typed.number)?.code ?? 3;
  add('card-number', typed.number, isCardNumber(typed.number) ? undefined : t('badNumber'));
  add('card-name', typed.name, undefined);
  add(
    'card-expiry',
    typed.expiry,
    expiry === undefined ? t('badExpiry') : isPast(expiry, new Date()) ? t('pastExpiry') : undefined,
  );
  add(
    'card-code',
    typed.code,
    digitsOf(typed.code).length === codeLength ? undefined : t('badCode', { count: codeLength }),
  );
  add(
    'holder-document',
    typed.holderDocument,
    isDocument(typed.holderDocument) ? undefined : t('badDocument'),
  );
  return mistakes;
}

/** The ids of the fields by the names that a refusal gives them. */
const FIELD_IDS: Readonly<Record<string, string>> = {
  'payment.holder_name': 'card-name',
  'payment.holder_document_number': 'holder-document',
  document_number: 'document_number',
};

/** Returns the mistakes that a refusal names. */
export function refusedFields(fields: readonly string[], t: Translate): Mistakes {
  return Object.fromEntries(
    fields.map((field) => [FIELD_IDS[field] ?? field.replace(/^customer\./, ''), t('badField')]),
  );
}

const KEPT = 'customer';

/** Returns what was typed before a reload of the page. Cards are never kept. */
export function keptCustomer(session: string): Customer {
  try {
    return JSON.parse(sessionStorage.getItem(`${KEPT}:${session}`) ?? '{}') as Customer;
  } catch {
    return {};
  }
}

/** Keeps what was typed for a reload of the page in this tab. Without storage nothing is kept. */
export function keepCustomer(session: string, customer: Customer | undefined): void {
  try {
    if (customer === undefined) sessionStorage.removeItem(`${KEPT}:${session}`);
    else sessionStorage.setItem(`${KEPT}:${session}`, JSON.stringify(customer));
  } catch {
    return;
  }
}
