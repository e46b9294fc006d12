import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, ShopOfKey } from '../common/access/access.decorator';
import type { Page } from '../common/listing/page';
import { Operation } from '../common/openapi/operation';
import { PageOf } from '../common/openapi/page-of';
import type { Tag } from '../common/openapi/tags';
import { DeliverySummary, NotificationList, parseNotificationId } from '../notifications';
import { NotificationReplayDto, NotificationsQueryDto } from './dto/notifications.dto';
import { ADMIN_REFUSALS } from './errors';

/** Deliveries that are sent again. */
export class ReplayedNotifications {
  @ApiProperty({ description: 'The deliveries, oldest first.', type: [DeliverySummary] })
  data: DeliverySummary[];
}

const DeliveryId = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id of the delivery.',
    schema: { type: 'integer', minimum: 1, examples: [42] },
  });

/** Routes by which operators see what became of notifications, and send them again. */
@Controller('admin/notifications')
@ApiTags('Notifications' satisfies Tag)
@AcceptsShopKeys()
export class NotificationsController {
  constructor(private readonly notifications: NotificationList) {}

  @Get()
  @Access('secret', 'read')
  @Operation({
    id: 'listNotifications',
    summary: 'Notifications and what became of them',
    description: 'One entry for each endpoint that a notification is sent to.',
    answer: PageOf(DeliverySummary, 'NotificationPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  list(@Query() query: NotificationsQueryDto, @ShopOfKey() shop?: string): Promise<Page<DeliverySummary>> {
    return this.notifications.list(query, shop);
  }

  @Post('replay')
  @HttpCode(200)
  @Access('secret', 'operate')
  @Operation({
    id: 'replayNotifications',
    summary: 'Send a selection of notifications again',
    description:
      'Each is sent with its own `webhook-id`, so a receiver that has processed it can tell. If one is not found, none is sent.',
    answer: ReplayedNotifications,
    body: NotificationReplayDto,
    refusals: [ADMIN_REFUSALS.notification[1]],
  })
  async replaySelection(
    @Body() { ids }: NotificationReplayDto,
    @ShopOfKey() shop?: string,
  ): Promise<ReplayedNotifications> {
    return { data: await this.notifications.replay(ids, shop) };
  }

  @Get(':id')
  @Access('secret', 'read')
  @DeliveryId()
  @Operation({
    id: 'getNotification',
    summary: 'One notification to one endpoint',
    answer: DeliverySummary,
    refusals: ADMIN_REFUSALS.notification,
  })
  get(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<DeliverySummary> {
    return this.notifications.get(parseNotificationId(id), shop);
  }

  @Post(':id/replay')
  @HttpCode(200)
  @Access('secret', 'operate')
  @DeliveryId()
  @Operation({
    id: 'replayNotification',
    summary: 'Send a notification again',
    description: 'With the same `webhook-id`, so a receiver that has processed it can tell.',
    answer: DeliverySummary,
    refusals: ADMIN_REFUSALS.notification,
  })
  async replay(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<DeliverySummary> {
    return this.notifications.replayOne(parseNotificationId(id), shop);
  }
}
