import { Webhook } from 'standardwebhooks';

/** A notification as it is signed and sent. */
export interface Message {
  /** The value of `webhook-id`: the same in all attempts. */
  readonly id: string;
  readonly type: string;
  /** The time of the change. */
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The body and the headers of a notification. */
export interface SignedMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Signs a notification by the rules of Standard Webhooks.
 *
 * @param secrets the current secret and, after a rotation, the previous one: each makes a signature.
 * @param now the time of the attempt, which receivers compare with their clock.
 */
export function signMessage(
  { id, type, at, data }: Message,
  secrets: readonly string[],
  now: Date,
): SignedMessage {
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
    },
  };
}
