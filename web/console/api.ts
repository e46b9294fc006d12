import { ApiError } from '../../client/src/api-error';
import { Calls } from '../../client/src/generated/calls';
import type { ConsoleSession } from '../../client/src/generated/types';
import { type Call, type CallOptions, type Operation, Transport } from '../../client/src/transport';

export { ApiError };

/** The key that the browser is signed in with. */
export type Session = ConsoleSession;
export type Scope = Session['scopes'][number];

/** A refused or lost call is repeated for a few seconds: an operator waits for its answer. */
const TIMES = { timeoutMilliseconds: 60_000, repeatForMilliseconds: 6_000 };

/**
 * The calls of the console: all of the generated client, with the cookie of the sign-in instead of a key. Cookies are sent
 * by the browser; the header says that a change comes from this page and not from a form of another site.
 */
export class ConsoleApi extends Calls {
  private readonly transport = new Transport({
    ...TIMES,
    baseUrl: '',
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('x-console', '1');
      return fetch(url, { ...init, headers });
    },
  });

  /** @param onSignedOut is called when a call is answered 401: the sign-in has ended */
  constructor(private readonly onSignedOut: () => void) {
    super();
  }

  protected override async call<Answer>(
    operation: Operation,
    request: CallOptions & Record<string, unknown>,
  ): Promise<Answer> {
    const { body, query, signal, idempotencyKey, ...path } = request;
    try {
      return await this.transport.send<Answer>(operation, {
        pathParameters: path,
        query: (query as Call['query']) ?? {},
        body,
        ...(signal === undefined ? {} : { signal }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.onSignedOut();
      throw error;
    }
  }
}
