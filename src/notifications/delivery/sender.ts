import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { inCallSpan, traceHeaders } from '../../common/tracing/spans';
import { VERSION } from '../../common/version';
import { CONFIG, type Config } from '../../config';
import type { SignedMessage } from './message';
import { addressOfHost } from './public-address';
import { HostResolver } from './resolve-host';

/** The time from the resolution of the name to the status of the answer. */
const TIMEOUT_MILLISECONDS = 10_000;
/** The bytes of an answer that are read. Its status alone decides; a connection with more to read is closed. */
const LONGEST_ANSWER_BYTES = 4 * 1024;
const LONGEST_HEADERS_BYTES = 8 * 1024;

/** The span of an attempt. The address of an endpoint may contain a secret. */
const SPAN = { name: 'POST notification', attributes: { 'http.request.method': 'POST' } };

/** The outcome of one attempt. */
export interface Attempt {
  readonly isDelivered: boolean;
  /** The status of the answer; null if there was none. */
  readonly status: number | null;
  /** The reason for a failed delivery, without text of the receiver; null if it is delivered. */
  readonly error: string | null;
}

/** The texts for errors that operators can do something about. */
const ERRORS: Readonly<Record<string, string>> = {
  PRIVATE_ADDRESS: 'the address is not public',
  UNRESOLVED_NAME: 'the name has no address',
  ECONNREFUSED: 'the connection was refused',
  UND_ERR_CONNECT_TIMEOUT: 'no answer within 10 s',
  TimeoutError: 'no answer within 10 s',
};

/** Sends notifications to endpoints. Follows no redirects, and connects only to addresses that were checked. */
@Injectable()
export class NotificationSender implements OnApplicationShutdown {
  readonly resolver: HostResolver;
  private readonly agent: Agent;

  constructor(@Inject(CONFIG) { notifications }: Config) {
    this.resolver = new HostResolver(notifications.allowsPrivate);
    this.agent = new Agent({
      connect: { lookup: this.resolver.lookup, timeout: TIMEOUT_MILLISECONDS },
      maxHeaderSize: LONGEST_HEADERS_BYTES,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  /** Sends a notification once. @returns the outcome; errors are part of it. */
  async send(url: string, { body, headers }: SignedMessage): Promise<Attempt> {
    try {
      const target = new URL(url);
      // A connection to an address makes no lookup.
      const address = addressOfHost(target);
      if (address !== undefined) await this.resolver.resolve(address);
      return await inCallSpan(SPAN, async (span) => {
        const attempt = await this.request(target, body, headers);
        span?.setAttribute('http.response.status_code', attempt.status ?? 0);
        return attempt;
      });
    } catch (error) {
      return { isDelivered: false, status: null, error: textOf(error) };
    }
  }

  private async request(target: URL, body: string, headers: SignedMessage['headers']): Promise<Attempt> {
    const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    const answer = await this.agent.request({
      origin: target.origin,
      path: `${target.pathname}${target.search}`,
      method: 'POST',
      headers: { ...headers, ...traceHeaders(), 'user-agent': `appmax-checkout/${VERSION}` },
      body,
      signal,
    });
    const status = answer.statusCode;
    await answer.body.dump({ limit: LONGEST_ANSWER_BYTES, signal }).catch(() => undefined);
    if (status >= 200 && status < 300) return { isDelivered: true, status, error: null };
    const error = status >= 300 && status < 400 ? 'redirects are not followed' : `status ${status}`;
    return { isDelivered: false, status, error };
  }
}

function textOf(error: unknown): string {
  const { name = '', code = '' } = error as { name?: string; code?: string };
  const known = ERRORS[code] ?? ERRORS[name];
  return (
    known ?? `the request failed${typeof code === 'string' && code !== '' ? `: ${code}` : ''}`.slice(0, 200)
  );
}
