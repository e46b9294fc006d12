import { isRecord } from '../../common/is-record';
import { hasNoOrder } from '../../webhooks';

/** The identifiers of a person. Documents are without punctuation, e-mail addresses in lower case. */
export interface Subject {
  readonly documents: readonly string[];
  readonly emails: readonly string[];
  /** The person's ids as a customer at Appmax. */
  readonly customerIds: readonly number[];
  /** The `external_key` of the only shop; undefined: all shops. */
  readonly shop: string | undefined;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A document between other digits or letters is another number. Separators may be escaped, as PHP does with a slash. */
const documentPattern = (document: string): string =>
  `(^|[^0-9A-Za-z])${[...document].join(String.raw`[. -]?\\?/?`)}($|[^0-9A-Za-z])`;

/**
 * Returns a regular expression, for PostgreSQL, that finds the payloads which may mention a person. Whether they do is
 * decided by {@link mentions}.
 */
export function payloadPattern({ documents, emails, customerIds }: Subject): string {
  const ids = customerIds.map(String).join('|');
  return [
    ...documents.map(documentPattern),
    ...emails.map(escaped),
    ...(customerIds.length === 0 ? [] : [`"(customer_)?id"\\s*:\\s*"?(${ids})"?\\s*[,}]`]),
  ].join('|');
}

/**
 * Returns true if a webhook mentions a person: a text or number of it is the person's document or e-mail address, or it
 * is about the person's id as a customer. An event of an order names the customer in `data`; in others `data` is one.
 */
export function mentions(payload: unknown, event: string, subject: Subject): boolean {
  return namesCustomer(payload, event, subject.customerIds) || hasText(payload, matcherOf(subject));
}

function namesCustomer(payload: unknown, event: string, ids: readonly number[]): boolean {
  const data = isRecord(payload) && isRecord(payload['data']) ? payload['data'] : {};
  const customer = isRecord(data['customer']) ? data['customer'] : {};
  const named = [data['customer_id'], customer['id'], ...(hasNoOrder(event) ? [data['id']] : [])];
  return named.some((id) => id !== null && id !== '' && ids.includes(Number(id)));
}

/** Returns a regular expression that finds a document or an e-mail address in a text; undefined if there is none. */
function matcherOf({ documents, emails }: Subject): RegExp | undefined {
  const patterns = [...documents.map(documentPattern), ...emails.map(escaped)];
  return patterns.length === 0 ? undefined : new RegExp(patterns.join('|'), 'i');
}

function hasText(value: unknown, matcher: RegExp | undefined): boolean {
  if (matcher === undefined) return false;
  if (typeof value === 'object' && value !== null)
    return Object.values(value).some((each) => hasText(each, matcher));
  return (typeof value === 'string' || typeof value === 'number') && matcher.test(String(value));
}
