import type { Readable } from 'node:stream';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsShopKeys, Access, CurrentKey, ShopOfKey } from '../common/access/access.decorator';
import type { KeyHolder } from '../common/access/key-holder';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { ChangeFeed, tooManyStreams } from '../orders';

/** The route by which operators follow the changes of all orders. */
@Controller('admin')
@Access('secret', 'read')
@AcceptsShopKeys()
@ApiTags('Administration' satisfies Tag)
export class ChangesController {
  constructor(private readonly feed: ChangeFeed) {}

  @Get('changes')
  @Header('Content-Type', 'text/event-stream; charset=utf-8')
  @Header('Cache-Control', 'no-cache, no-transform')
  @Header('X-Accel-Buffering', 'no')
  @Operation({
    id: 'streamChanges',
    summary: 'Stream the orders that change',
    description:
      'Server-sent events from now on, about once a second while orders are made or change their status: `data: {"order_ids": [1773760001]}`. An empty list says that more than 200 orders have changed. Read what is shown again after a reconnection: missed changes are not sent.',
    answerText: 'A stream that the server ends only when the sign-in of a browser ends.',
    texts: ['text/event-stream'],
    refusals: [tooManyStreams()],
  })
  stream(
    @CurrentKey() { signedInUntil: until }: KeyHolder,
    @Res({ passthrough: true }) { raw: response }: FastifyReply,
    @ShopOfKey() shop?: string,
  ): Promise<Readable> {
    return this.feed.open({ shop, response, until });
  }
}
