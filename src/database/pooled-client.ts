import { Client } from 'pg';
import { QUERY_READ_TIMEOUT } from '../common/errors/database-unavailable';

type Callback = (error: Error | null, ...rest: unknown[]) => void;

/**
 * Closes its connection when a query gets no answer in time. pg itself would keep it: the pool would hand it to the next
 * request, which would wait behind the query that never ends.
 */
export class PooledClient extends Client {
  /** Takes and returns what pg's `query` does, for all of its overloads: hence `never`, which fits each of them. */
  override query(...parameters: unknown[]): never {
    const callback = parameters.at(-1);
    if (typeof callback === 'function') parameters.splice(-1, 1, this.watched(callback as Callback));
    const query = super.query.bind(this) as (...all: unknown[]) => unknown;
    const result = query(...parameters);
    if (!(result instanceof Promise)) return result as never;
    return result.catch((error: unknown) => {
      this.closeAfter(error);
      throw error;
    }) as never;
  }

  private watched(callback: Callback): Callback {
    return (error, ...rest) => {
      this.closeAfter(error);
      callback(error, ...rest);
    };
  }

  /** Marks the client as ending before anyone can give it back to the pool, which then drops it. */
  private closeAfter(error: unknown): void {
    if (!(error instanceof Error) || error.message !== QUERY_READ_TIMEOUT) return;
    void this.end().catch(() => undefined);
    this.connection.stream.destroy();
  }
}
