import { Client, type ClientConfig } from 'pg';
import { QUERY_READ_TIMEOUT } from '../../common/errors/database-unavailable';
import { isTracing } from '../../common/tracing/spans';
import type { Notices } from './notices';
import { type Primary, StandbyError } from './primary';
import { inStatementSpan, withTrace } from './statement-spans';

type Callback = (error: Error | null, ...rest: unknown[]) => void;

/** The SQLSTATE of a statement that would write, on a server or in a session that only reads. */
const READ_ONLY = '25006';

/** The function of PostgreSQL that waits until a commit is on the standby. */
const WAIT_FOR_STANDBY = 'SyncRepWaitForLSN';

/**
 * A client that connects only to a primary, and closes its connection when a query times out. pg itself would return the
 * connection to the pool, and the next request would wait behind the query that never ends. It also closes a connection
 * whose server has become read-only, and one whose commit was not waited for on the standby.
 */
export class PooledClient extends Client {
  private readonly primary?: Primary | undefined;
  private isUnreplicated = false;

  /** @param config pg's own options, where the notices of PostgreSQL go, and the search if there are several servers. */
  constructor(
    config?: ClientConfig & { readonly notices?: Notices; readonly primary?: Primary | undefined },
  ) {
    super(config);
    this.primary = config?.primary;
    // PostgreSQL 14 and later say so while they accept a connection.
    this.connection.on(
      'parameterStatus',
      ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
        if (parameterName === 'in_hot_standby' && parameterValue === 'on')
          this.connection.stream.destroy(new StandbyError());
      },
    );
    // If the wait is cancelled, PostgreSQL reports a success with this warning: the commit may be lost in a failover.
    this.connection.on('notice', ({ routine }: { routine?: string }) => {
      if (routine === WAIT_FOR_STANDBY) this.isUnreplicated = true;
    });
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

  /** Connects to the primary. Overrides all overloads of pg's `connect`: with a callback, and with a promise. */
  override connect(...parameters: unknown[]): never {
    const [callback] = parameters as [((error: unknown) => void)?];
    const connected = this.connectToPrimary();
    if (callback === undefined) return connected as never;
    connected.then(() => {
      callback(null);
    }, callback);
    return undefined as never;
  }

  private async connectToPrimary(): Promise<this> {
    const { primary } = this;
    if (primary === undefined) {
      await super.connect();
      return this;
    }
    const { address, timeline } = await primary.find();
    Object.assign(this, address);
    await super.connect();
    this.once('end', primary.register(this, timeline));
    return this;
  }

  /** Closes the connection at once: a statement that runs fails. */
  close(): void {
    this.connection.stream.destroy();
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
    return result.then(
      (value: unknown) => {
        const error = this.afterStatement(null);
        if (error !== null) throw error;
        return value;
      },
      (error: unknown) => {
        throw this.afterStatement(error as Error) as Error;
      },
    );
  }

  private watched(callback: Callback): Callback {
    return (error, ...rest) => {
      callback(this.afterStatement(error), ...rest);
    };
  }

  /**
   * Ends the client after such an error, before it is returned to the pool. The pool then drops it.
   *
   * @returns the error of the statement; null, or undefined from the pool, if it succeeded.
   */
  private afterStatement(pgError: Error | null): Error | null {
    const error = this.isUnreplicated ? new UnreplicatedCommitError() : pgError;
    if (error instanceof Error && (this.isUnreplicated || endsConnection(error))) {
      void this.end().catch(() => undefined);
      this.connection.stream.destroy();
    }
    return error;
  }
}

/** Returns true for a query that has timed out, and for a server that has become read-only. */
function endsConnection(error: Error): boolean {
  return error.message === QUERY_READ_TIMEOUT || (error as { code?: unknown }).code === READ_ONLY;
}

/** Thrown instead of a success whose commit may not be on the standby. The code is `transaction_resolution_unknown`. */
export class UnreplicatedCommitError extends Error {
  readonly code = '08007';

  constructor() {
    super('The wait for the standby was cancelled: the commit may be lost in a failover');
  }
}
