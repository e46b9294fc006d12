import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access } from '../common/access/access.decorator';
import type { Page } from '../common/listing/page';
import { InstallationList, type InstallationSummary } from '../installations/installation-list';
import { OrderList, type OrderDetail, type OrderSummary } from '../orders/order-list';
import { WebhookEventList, type WebhookEventDetail, type WebhookEventSummary } from '../webhooks/event-list';
import { InstallationsQueryDto, OrdersQueryDto, WebhookEventsQueryDto } from './dto/queries.dto';

/** What an operator looks through. */
@Controller('admin')
export class AdminController {
  constructor(
    private readonly installations: InstallationList,
    private readonly orders: OrderList,
    private readonly events: WebhookEventList,
  ) {}

  @Get('installations')
  @Access('secret')
  listInstallations(@Query() query: InstallationsQueryDto): Promise<Page<InstallationSummary>> {
    return this.installations.list(query);
  }

  @Get('orders')
  @Access('secret')
  listOrders(@Query() query: OrdersQueryDto): Promise<Page<OrderSummary>> {
    return this.orders.list(query);
  }

  @Get('orders/:order_id')
  @Access('secret')
  order(@Param('order_id') orderId: string): Promise<OrderDetail> {
    return this.orders.detail(orderId);
  }

  @Get('webhook-events')
  @Access('secret')
  listWebhookEvents(@Query() query: WebhookEventsQueryDto): Promise<Page<WebhookEventSummary>> {
    return this.events.list(query);
  }

  @Get('webhook-events/:id')
  @Access('secret')
  webhookEvent(@Param('id') id: string): Promise<WebhookEventDetail> {
    return this.events.detail(id);
  }
}
