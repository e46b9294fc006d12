/** A request that is no notification of the service, or not a recent one. */
export class InvalidNotification extends Error {
  override readonly name = 'InvalidNotification';
}

/** A notification of the service. */
export interface Notification {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The headers of a request: those of `fetch`, or Node's. */
export type NotificationHeaders =
  Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The longest difference of the two clocks, and the time for which a copied request is accepted. */
const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';

/**
 * Verifies a notification by the rules of Standard Webhooks: one of its signatures belongs to its id, time and body.
 * A notification may arrive more than once: its id is the header `webhook-id`.
 *
 * @param payload the body as it arrived, not parsed
 * @param secret the secret of the endpoint, `whsec_…`
 * @returns the parsed body
 * @throws InvalidNotification
 */
export async function verifyNotification(
  payload: string | Uint8Array,
  headers: NotificationHeaders,
  secret: string,
): Promise<Notification> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp)) throw new InvalidNotification('webhook-timestamp is no time.');
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS)
    throw new InvalidNotification('The notification is too old, or from the future.');
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const key = await crypto.subtle.importKey('raw', keyOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ]);
  for (const signature of signatures.split(' ')) {
    const bytes = signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : undefined;
    // Web Crypto compares in constant time.
    if (bytes !== undefined && (await crypto.subtle.verify('HMAC', key, bytes, signed)))
      return JSON.parse(new TextDecoder().decode(body)) as Notification;
  }
  throw new InvalidNotification('No signature belongs to the notification.');
}

function headerOf(headers: NotificationHeaders, name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : headers[name];
  if (typeof value !== 'string' || value === '') throw new InvalidNotification(`${name} is missing.`);
  return value;
}

function isHeaders(headers: NotificationHeaders): headers is Pick<Headers, 'get'> {
  return typeof headers['get'] === 'function';
}

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const key = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (key === undefined || key.length === 0) throw new TypeError('The secret is not whsec_ and base64.');
  return key;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
