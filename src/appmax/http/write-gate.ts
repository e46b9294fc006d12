import { DecoratorHandler, type Dispatcher } from 'undici';
import { isConnectError } from './connect-phase';

/** The gate refused the request before a byte of it was written. */
export class WriteRefusedError extends Error {}

/** undici was about to write a request for the second time. */
export class SecondWriteError extends Error {}

/** What is known of a request that failed without an answer. */
export interface SendingFailure {
  readonly error: unknown;
  /** Whether the request began to be written to a connection. */
  readonly written: boolean;
}

/**
 * Tells whether a failed request certainly never left: it was not written, and either no connection could be opened or
 * the gate refused it.
 */
export function isNothingSent({ error, written }: SendingFailure): boolean {
  return !written && (error instanceof WriteRefusedError || isConnectError(error));
}

/**
 * Guards the moment in which one request is written. It lets the request be written once, and only within a number of
 * milliseconds after the gate was made; both are looked at in the same turn of the event loop as the write.
 */
export class WriteGate {
  private readonly openedAt = { monotonic: performance.now(), wall: Date.now() };
  private timer: NodeJS.Timeout | undefined;
  private refused = false;
  private isWritten = false;

  constructor(private readonly longestMilliseconds = Infinity) {}

  /**
   * Milliseconds since the gate was made. A monotonic clock stands still while the machine is suspended, and the wall clock
   * may be set back: the one that says more counts.
   */
  get elapsedMilliseconds(): number {
    const { monotonic, wall } = this.openedAt;
    return Math.max(performance.now() - monotonic, Date.now() - wall);
  }

  /** Whether the request began to be written. */
  get written(): boolean {
    return this.isWritten;
  }

  /** Goes into the dispatcher of the request. undici calls `onRequestStart` synchronously, right before the write. */
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
    dispatch(options, new GatedHandler(handler, () => this.refusal()));

  /**
   * Waits for a request that goes through the gate. A request that still waits for a connection when the gate's time is
   * over is failed then, and is not written afterwards.
   *
   * @throws WriteRefusedError, or what the request throws.
   */
  async guard<Value>(sending: Promise<Value>): Promise<Value> {
    if (this.longestMilliseconds === Infinity) return sending;
    const closing = new Promise<never>((_, reject) => {
      this.timer = setTimeout(() => {
        if (this.isWritten) return;
        this.refused = true;
        reject(tooLate());
      }, this.longestMilliseconds - this.elapsedMilliseconds);
    });
    try {
      return await Promise.race([sending, closing]);
    } finally {
      clearTimeout(this.timer);
    }
  }

  /** Decides on one write. @returns why it must not happen. */
  private refusal(): Error | undefined {
    if (this.isWritten) return new SecondWriteError('A request is not written twice');
    if (this.refused || this.elapsedMilliseconds > this.longestMilliseconds) {
      this.refused = true;
      return tooLate();
    }
    this.isWritten = true;
    return undefined;
  }
}

function tooLate(): WriteRefusedError {
  return new WriteRefusedError('Too much time has passed since the operation was marked as sent');
}

/** Asks the gate before a request starts, and aborts the request instead if it says no. */
class GatedHandler extends DecoratorHandler implements Dispatcher.DispatchHandler {
  constructor(
    private readonly inner: Dispatcher.DispatchHandler,
    private readonly refusal: () => Error | undefined,
  ) {
    super(inner);
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    const reason = this.refusal();
    if (reason === undefined) this.inner.onRequestStart?.(controller, context);
    else controller.abort(reason);
  }
}
