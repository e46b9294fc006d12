import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, CurrentKey, ShopOfKey } from '../common/access/access.decorator';
import { type KeyHolder, mayAct } from '../common/access/key-holder';
import type { Page } from '../common/listing/page';
import { OrderIdInPath } from '../common/openapi/fields';
import { Operation } from '../common/openapi/operation';
import { PageOf } from '../common/openapi/page-of';
import type { Tag } from '../common/openapi/tags';
import { InstallationList, InstallationSummary } from '../installations';
import { OrderDetail, OrderList, OrderSummary } from '../orders';
import { OperationList, OperationSummary } from '../payments';
import { EventList, WebhookEventDetail, WebhookEventSummary } from '../webhooks';
import { InstallationsQueryDto, OrdersQueryDto, WebhookEventsQueryDto } from './dto/queries.dto';
import { ADMIN_REFUSALS } from './errors';
import { ShopList, ShopState } from './shops/shop-list';

/** An order with all its money operations. */
export class OrderWithOperations extends OrderDetail {
  @ApiProperty({
    description: 'The payments and refunds of the order, oldest first.',
    type: [OperationSummary],
  })
  operations: OperationSummary[];
}

/** Routes by which operators read installations, orders and webhook events. */
@Controller('admin')
@ApiTags('Administration' satisfies Tag)
@Access('secret', 'read')
@AcceptsShopKeys()
export class AdminController {
  constructor(
    private readonly installations: InstallationList,
    private readonly shops: ShopList,
    private readonly orders: OrderList,
    private readonly operations: OperationList,
    private readonly events: EventList,
  ) {}

  @Get('installations')
  @Operation({
    id: 'listInstallations',
    summary: 'Installations',
    answer: PageOf(InstallationSummary, 'InstallationPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  listInstallations(
    @Query() query: InstallationsQueryDto,
    @ShopOfKey() shop?: string,
  ): Promise<Page<InstallationSummary>> {
    return this.installations.list(query, shop);
  }

  @Get('shops')
  @Operation({
    id: 'listShops',
    summary: 'Installations with the state of each',
    description: 'Credentials, the last webhook, the used quota, and the steps until the shop sells.',
    answer: PageOf(ShopState, 'ShopPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  listShops(@Query() query: InstallationsQueryDto, @ShopOfKey() shop?: string): Promise<Page<ShopState>> {
    return this.shops.list(query, shop);
  }

  @Get('orders')
  @Operation({
    id: 'listOrders',
    summary: 'Orders',
    answer: PageOf(OrderSummary, 'OrderPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  listOrders(@Query() query: OrdersQueryDto, @ShopOfKey() shop?: string): Promise<Page<OrderSummary>> {
    return this.orders.list(query, shop);
  }

  @Get('orders/:order_id')
  @OrderIdInPath()
  @Operation({
    id: 'getOrder',
    summary: 'An order',
    answer: OrderWithOperations,
    refusals: ADMIN_REFUSALS.order,
  })
  async order(@Param('order_id') orderId: string, @ShopOfKey() shop?: string): Promise<OrderWithOperations> {
    const order = await this.orders.detail(orderId, shop);
    return { ...order, operations: await this.operations.ofOrder(order.id) };
  }

  @Get('webhook-events')
  @Operation({
    id: 'listWebhookEvents',
    summary: 'Webhook events',
    answer: PageOf(WebhookEventSummary, 'WebhookEventPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  listWebhookEvents(
    @Query() query: WebhookEventsQueryDto,
    @ShopOfKey() shop?: string,
  ): Promise<Page<WebhookEventSummary>> {
    return this.events.list(query, shop);
  }

  @Get('webhook-events/:id')
  @ApiParam({
    name: 'id',
    description: 'The id of the event in this service.',
    schema: { type: 'integer', minimum: 1, examples: [42] },
  })
  @Operation({
    id: 'getWebhookEvent',
    summary: 'A webhook event',
    answer: WebhookEventDetail,
    refusals: ADMIN_REFUSALS.webhookEvent,
  })
  webhookEvent(
    @Param('id') id: string,
    @CurrentKey() holder: KeyHolder,
    @ShopOfKey() shop?: string,
  ): Promise<WebhookEventDetail> {
    return this.events.detail(id, shop, mayAct(holder, 'operate', shop));
  }
}
