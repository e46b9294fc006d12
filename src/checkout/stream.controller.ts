import type { Readable } from 'node:stream';
import { Controller, Get, Header, Headers, Ip, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../common/access/access.decorator';
import { Operation } from '../common/openapi/operation';
import { OrderIdInPath } from '../common/openapi/parameters';
import type { Tag } from '../common/openapi/tags';
import { StatusFeed, tooManyStreams } from '../orders';
import { CHECKOUT_REFUSALS } from './errors';

/** What a shop's page listens to while the shopper pays. */
@Controller('checkout/:key')
@ApiTags('Checkout' satisfies Tag)
export class StreamController {
  constructor(private readonly feed: StatusFeed) {}

  @Get('status/:order_id/stream')
  @Access('storefront')
  @OrderIdInPath()
  @Header('Content-Type', 'text/event-stream; charset=utf-8')
  @Header('Cache-Control', 'no-cache, no-transform')
  @Header('X-Accel-Buffering', 'no')
  @Operation({
    id: 'streamStatus',
    summary: "An order's status, and each change of it",
    description:
      'Server-sent events. The first tells the status now, the following ones each change: `data: {"status": "aprovado"}`. After a reconnection with `Last-Event-ID`, what was missed.',
    answerText: 'A stream that does not end by itself.',
    texts: ['text/event-stream'],
    refusals: [...CHECKOUT_REFUSALS.status, tooManyStreams()],
  })
  stream(
    @Param('key') key: string,
    @Param('order_id') orderId: string,
    @Ip() address: string,
    @Res({ passthrough: true }) { raw: response }: FastifyReply,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<Readable> {
    return this.feed.stream({ key, orderId, address, response, lastEventId });
  }
}
