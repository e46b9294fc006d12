import type { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AcceptsShopKeys, Access, Audited, ShopOfKey } from '../../common/access/access.decorator';
import { OrderIdInPath } from '../../common/openapi/fields';
import { Operation } from '../../common/openapi/operation';
import type { Tag } from '../../common/openapi/tags';
import { OrdersQueryDto } from '../dto/queries.dto';
import { ADMIN_REFUSALS } from '../errors';
import { OrderExport } from './order-export';
import { OrderTimeline, OrderTimelines } from './order-timeline';

/** Routes by which operators export orders and follow what happened to one. */
@Controller('admin')
@ApiTags('Administration' satisfies Tag)
@Access('secret', 'read')
@AcceptsShopKeys()
export class OrdersController {
  constructor(
    private readonly timelines: OrderTimelines,
    private readonly exports: OrderExport,
  ) {}

  @Get('orders/:order_id/timeline')
  @OrderIdInPath()
  @Operation({
    id: 'getOrderTimeline',
    summary: 'What happened to an order',
    description: 'Status changes, operations and webhook events in one list, with the details of each.',
    answer: OrderTimeline,
    refusals: ADMIN_REFUSALS.order,
  })
  timeline(@Param('order_id') orderId: string, @ShopOfKey() shop?: string): Promise<OrderTimeline> {
    return this.timelines.read(orderId, shop);
  }

  @Get('orders.csv')
  @Audited('request')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="orders.csv"')
  @Operation({
    id: 'exportOrders',
    summary: 'Orders as CSV',
    description:
      'All orders that the same filters list, newest first, with the columns of the list. Amounts are in cents, instants in UTC. `X-Order-Count` has their number, at most `100000+`. `limit` has no effect. Texts that a spreadsheet would run as a formula begin with an apostrophe.',
    texts: ['text/csv'],
    refusals: ADMIN_REFUSALS.list,
  })
  async export(
    @Query() query: OrdersQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
    @ShopOfKey() shop?: string,
  ): Promise<Readable> {
    const { csv, count } = await this.exports.start(query, shop);
    void reply.header('X-Order-Count', count);
    return csv;
  }
}
