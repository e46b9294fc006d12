import { Client, type ClientConfig } from 'pg';
import { QUERY_READ_TIMEOUT } from '../../common/errors/database-unavailable';
import { isTracing } from '../../common/tracing/spans';
import type { Notices } from './notices';
import { inStatementSpan, withTrace } from './statement-spans';

type Callback = (error: Error | null, ...rest: unknown[]) => void;

/**
 * A client that closes its connection when a query times out. pg itself would return the connection to the pool, and
 * the next request would wait behind the query that never ends.
 */
export class PooledClient extends Client {
  /** @param config pg's own options, and where the notices of PostgreSQL go. */
  constructor(config?: ClientConfig & { readonly notices?: Notices }) {
    super(config);
    const notices = config?.notices;
    if (notices !== undefined) this.on('notice', ({ message }) => notices.emit('notice', message ?? ''));
  }

  /**
   * Returns the parameters of a new connection, with the time zone: NOW() and the defaults of the TIMESTAMP columns must
   * be UTC, for any time zone of the server. Poolers know this parameter.
   */
  getStartupConf(): Record<string, string> {
    const { getStartupConf } = Client.prototype as unknown as {
      getStartupConf: () => Record<string, string>;
    };
    return { ...getStartupConf.call(this), TimeZone: 'UTC' };
  }

  /** Overrides all overloads of pg's `query`; the return type `never` is compatible with each of them. */
  override query(...parameters: unknown[]): never {
    return (isTracing() ? this.queryInSpan(parameters) : this.queryWatched(parameters)) as never;
  }

  /** Runs a statement with a span. With a callback, pg's own result is not needed: the pool ignores it. */
  private queryInSpan([statement, ...others]: unknown[]): unknown {
    const callback = others.at(-1);
    const traced = withTrace(statement);
    const run = (): Promise<unknown> => {
      if (typeof callback !== 'function') return Promise.resolve(this.queryWatched([traced, ...others]));
      return new Promise((resolve, reject) => {
        const settle: Callback = (error, result) => {
          if (error === null || (error as unknown) === undefined) resolve(result);
          else reject(error);
        };
        this.queryWatched([traced, ...others.slice(0, -1), settle]);
      });
    };
    const result = inStatementSpan(statement, run);
    if (typeof callback !== 'function') return result;
    result.then(
      (value) => {
        (callback as Callback)(null, value);
      },
      (error: unknown) => {
        (callback as Callback)(error as Error);
      },
    );
    return undefined;
  }

  private queryWatched(parameters: unknown[]): unknown {
    const callback = parameters.at(-1);
    if (typeof callback === 'function') parameters.splice(-1, 1, this.watched(callback as Callback));
    const query = super.query.bind(this) as (...all: unknown[]) => unknown;
    const result = query(...parameters);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      this.closeAfter(error);
      throw error;
    });
  }

  private watched(callback: Callback): Callback {
    return (error, ...rest) => {
      this.closeAfter(error);
      callback(error, ...rest);
    };
  }

  /** Ends the client after a timeout, before it is returned to the pool. The pool then drops it. */
  private closeAfter(error: unknown): void {
    if (!(error instanceof Error) || error.message !== QUERY_READ_TIMEOUT) return;
    void this.end().catch(() => undefined);
    this.connection.stream.destroy();
  }
}
