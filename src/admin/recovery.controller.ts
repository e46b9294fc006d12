import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, ShopOfKey } from '../common/access/access.decorator';
import { OrderIdInPath } from '../common/openapi/fields';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { OrderRecovery, RefreshedOrder, syncFailed, syncUnavailable } from '../orders';
import { EventReplay, ReplayedEvent } from '../webhooks';
import { MAXIMUM_REPLAYS, ReplayDto, ReplayedBatchAnswer } from './dto/replay.dto';
import { ADMIN_REFUSALS } from './errors';

/** Routes by which operators replay a webhook event or sync an order. */
@Controller('admin')
@ApiTags('Administration' satisfies Tag)
@Access('secret', 'operate')
@AcceptsShopKeys()
export class RecoveryController {
  constructor(
    private readonly events: EventReplay,
    private readonly orders: OrderRecovery,
  ) {}

  @Post('webhook-events/replay')
  @HttpCode(200)
  @Operation({
    id: 'replayWebhookEvents',
    summary: 'Process a selection of stored webhook events again',
    description:
      'Processes the next events of the selection, oldest first. Send the same body with `after` = `next_after` until that is null; `remaining` counts up to 10,000.',
    answer: ReplayedBatchAnswer,
    body: ReplayDto,
    refusals: ADMIN_REFUSALS.replay,
  })
  replaySelection(@Body() body: ReplayDto, @ShopOfKey() shop?: string): Promise<ReplayedBatchAnswer> {
    return this.events.replayNext(
      { ...body, orderId: body.order_id, after: body.after ?? 0, shop },
      body.limit ?? MAXIMUM_REPLAYS,
    );
  }

  @Post('webhook-events/:id/replay')
  @HttpCode(200)
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1, examples: [42] } })
  @Operation({
    id: 'replayWebhookEvent',
    summary: 'Process a stored webhook event again',
    description:
      'Processes the event as if it had just been received, even if it was set aside. For a repeat, processes the event that it repeats.',
    answer: ReplayedEvent,
    refusals: ADMIN_REFUSALS.webhookEvent,
  })
  replay(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<ReplayedEvent> {
    return this.events.replay(id, shop);
  }

  @Post('orders/:order_id/refresh')
  @HttpCode(200)
  @OrderIdInPath()
  @Operation({
    id: 'refreshOrder',
    summary: 'Read an order from Appmax and apply its status',
    answer: RefreshedOrder,
    refusals: [...ADMIN_REFUSALS.order, syncFailed('Appmax does not know the order'), syncUnavailable(5)],
  })
  refresh(@Param('order_id') orderId: string, @ShopOfKey() shop?: string): Promise<RefreshedOrder> {
    return this.orders.syncNow(orderId, shop);
  }
}
