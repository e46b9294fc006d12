import { Calls } from './generated/calls';
import { type Call, type CallOptions, type Operation, Transport, type TransportOptions } from './transport';
import { type StatusEvent, watch, type WatchOptions } from './watch';

/** The settings of an {@link AppmaxCheckout}. */
export interface AppmaxCheckoutOptions extends TransportOptions {
  /** The `external_key` of the shop, for all calls of a shop. */
  readonly key?: string;
}

const ORDER_STREAM: Operation = {
  method: 'GET',
  path: '/checkout/{key}/status/{order_id}/stream',
  repeat: 'safe',
};
const SESSION_STREAM: Operation = { method: 'GET', path: '/pay/{session}/stream', repeat: 'safe' };

/** A client of the service, with one method for each route. */
export class AppmaxCheckout extends Calls {
  private readonly transport: Transport;

  constructor(private readonly options: AppmaxCheckoutOptions) {
    super();
    this.transport = new Transport(options);
  }

  /** Yields the current status of an order, then each change, until the loop is left or the signal is aborted. */
  watchStatus(
    orderId: number,
    { orderToken, ...options }: WatchOptions & { readonly orderToken?: string } = {},
  ): AsyncGenerator<StatusEvent> {
    const call = {
      pathParameters: { key: this.options.key, order_id: orderId },
      query: { order_token: orderToken },
    };
    return watch(this.transport, ORDER_STREAM, call, options);
  }

  /** Yields the current status of a session's order, then each change. 404 `order_not_found` before the first payment. */
  watchSession(session: string, options: WatchOptions = {}): AsyncGenerator<StatusEvent> {
    return watch(this.transport, SESSION_STREAM, { pathParameters: { session } }, options);
  }

  protected override call<Answer>(
    operation: Operation,
    request: CallOptions & Record<string, unknown>,
  ): Promise<Answer> {
    const { body, query, signal, idempotencyKey, ...path } = request;
    const { key } = this.options;
    return this.transport.send<Answer>(operation, {
      pathParameters: { ...(key === undefined ? {} : { key }), ...path },
      query: (query as Call['query']) ?? {},
      body,
      ...(signal === undefined ? {} : { signal }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  }
}
