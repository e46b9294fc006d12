import { DecoratorHandler, type Dispatcher } from 'undici';
import { isConnectError } from './connect-phase';

/** Thrown when the gate refused a request before its first byte was written. */
export class WriteRefusedError extends Error {}

/** Thrown when undici was about to write a request for the second time. */
export class SecondWriteError extends Error {}

/** A request that failed without an answer. */
export interface SendingFailure {
  readonly error: unknown;
  /** True if writing the request to a connection had begun. */
  readonly written: boolean;
}

/**
 * Returns true if it is certain that nothing was sent: the request was not written, and either no connection could be
 * opened or the gate refused it.
 */
export function isNothingSent({ error, written }: SendingFailure): boolean {
  return !written && (error instanceof WriteRefusedError || isConnectError(error));
}

/**
 * Guards the write of one request. The request can be written once, and only within a number of milliseconds after the
 * gate was made. Both are checked synchronously, right before the write.
 */
export class WriteGate {
  private readonly openedAt = { monotonic: performance.now(), wall: Date.now() };
  private timer: NodeJS.Timeout | undefined;
  private refused = false;
  private writtenAfter: number | undefined;

  constructor(private readonly longestMilliseconds = Infinity) {}

  /**
   * Milliseconds since the gate was made: the larger value of two clocks. The monotonic clock stops while the machine
   * is suspended, and the wall clock may be set back.
   */
  get elapsedMilliseconds(): number {
    const { monotonic, wall } = this.openedAt;
    return Math.max(performance.now() - monotonic, Date.now() - wall);
  }

  /** True if writing the request has begun. */
  get written(): boolean {
    return this.writtenAfter !== undefined;
  }

  /** Milliseconds from the gate's making to the write; undefined before the write. */
  get writtenAfterMilliseconds(): number | undefined {
    return this.writtenAfter;
  }

  /** The interceptor of the request's dispatcher. undici calls `onRequestStart` in the same tick as the write. */
  readonly interceptor: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
    dispatch(options, new GatedHandler(handler, () => this.refusal()));

  /**
   * Waits for a request that uses this gate. If it still waits for a connection when the gate's time is over, it fails
   * and is not written afterwards.
   *
   * @throws WriteRefusedError; the request's own errors.
   */
  async guard<Value>(sending: Promise<Value>): Promise<Value> {
    if (this.longestMilliseconds === Infinity) return sending;
    const closing = new Promise<never>((_, reject) => {
      this.timer = setTimeout(() => {
        if (this.written) return;
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

  /** Decides on one write. @returns undefined to allow it, else the error that refuses it. */
  private refusal(): Error | undefined {
    if (this.written) return new SecondWriteError('A request is not written twice');
    if (this.refused || this.elapsedMilliseconds > this.longestMilliseconds) {
      this.refused = true;
      return tooLate();
    }
    this.writtenAfter = this.elapsedMilliseconds;
    return undefined;
  }
}

function tooLate(): WriteRefusedError {
  return new WriteRefusedError('Too much time has passed before the request could be written');
}

/** Asks the gate before a request starts, and aborts the request if the gate refuses it. */
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
