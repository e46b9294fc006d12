import type { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../common/access/access.decorator';
import { CallerAddress } from '../common/http/client-address';
import { InstallationKey, OrderIdInPath } from '../common/openapi/fields';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { LastEventId, StatusFeed, tooManyStreams } from '../orders';
import { StatusAnswer } from './answers';
import { CheckoutService } from './checkout.service';
import { CHECKOUT_REFUSALS } from './errors';
import { OrderToken } from './order-token/order-token';

/** The path of the status of an order, which pages poll. */
export const STATUS_PATH = '/checkout/:key/status/:order_id';

/** The status of an order and its stream, for a shop's page while the shopper pays. No interceptors: pages poll it. */
@Controller('checkout/:key')
@Access('storefront')
@InstallationKey()
@ApiTags('Checkout' satisfies Tag)
export class StatusController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly feed: StatusFeed,
  ) {}

  @Get('status/:order_id')
  @OrderIdInPath()
  @Operation({
    id: 'getStatus',
    summary: "An order's status",
    answer: StatusAnswer,
    refusals: CHECKOUT_REFUSALS.status,
  })
  status(
    @Param('key') key: string,
    @Param('order_id') orderId: string,
    @OrderToken() token?: string,
  ): Promise<StatusAnswer> {
    return this.checkout.status({ key, orderId, token });
  }

  @Get('status/:order_id/stream')
  @OrderIdInPath()
  @Header('Content-Type', 'text/event-stream; charset=utf-8')
  @Header('Cache-Control', 'no-cache, no-transform')
  @Header('X-Accel-Buffering', 'no')
  @Operation({
    id: 'streamStatus',
    summary: "Stream an order's status and its changes",
    description:
      'Server-sent events: first the current status, then each change, as `data: {"status": "aprovado"}`. A reconnection with `Last-Event-ID` gets the missed changes.',
    answerText: 'A stream that the server does not end.',
    texts: ['text/event-stream'],
    refusals: [...CHECKOUT_REFUSALS.status, tooManyStreams()],
  })
  async stream(
    @Param('key') key: string,
    @Param('order_id') orderId: string,
    @CallerAddress() address: string,
    @Res({ passthrough: true }) { raw: response }: FastifyReply,
    @LastEventId() lastEventId?: string,
    @OrderToken() token?: string,
  ): Promise<Readable> {
    await this.checkout.status({ key, orderId, token });
    return this.feed.stream({ key, orderId, address, response, lastEventId });
  }
}
