import {
  CentsFilter,
  EnumFilter,
  FlagFilter,
  IdFilter,
  InstantFilter,
  ListQueryDto,
  TextFilter,
} from '../../common/listing/list-query.dto';
import type { InstallationListRequest } from '../../installations';
import { type OrderListRequest, PAYMENT_METHODS } from '../../orders';
import { OPERATION_KINDS, OPERATION_STATES, type OperationListRequest } from '../../payments';
import { type EventListRequest, type Outcome, OUTCOMES } from '../../webhooks';

export class InstallationsQueryDto extends ListQueryDto implements InstallationListRequest {
  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;
}

export class OrdersQueryDto extends ListQueryDto implements OrderListRequest {
  @IdFilter({ description: 'The id of an order at Appmax.', example: 1773760001 })
  order_id?: number;

  @TextFilter(64, {
    description: "The shop's own name for the sale, from its checkout session.",
    example: 'sale-1042',
  })
  reference?: string;

  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;

  @TextFilter(64, { description: 'The status of the orders.', example: 'aprovado' })
  status?: string;

  @EnumFilter(PAYMENT_METHODS, { description: 'The payment method that was tried last.' })
  payment_method?: (typeof PAYMENT_METHODS)[number];

  @InstantFilter({ description: 'Earliest `created_at`, inclusive.' })
  from?: Date;

  @InstantFilter({ description: 'Latest `created_at`, exclusive.' })
  to?: Date;

  @CentsFilter({ description: 'Lowest `total_cents`, inclusive.', example: 10000 })
  min_total_cents?: number;

  @CentsFilter({ description: 'Highest `total_cents`, inclusive.', example: 20000 })
  max_total_cents?: number;
}

export class WebhookEventsQueryDto extends ListQueryDto implements EventListRequest {
  @TextFilter(64, { description: 'The name of the events.', example: 'OrderPaid' })
  event?: string;

  @IdFilter({ description: 'The id of an order at Appmax.', example: 1773760001 })
  order_id?: number;

  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;

  @FlagFilter({ description: '`true`: only processed events; `false`: only unprocessed ones.' })
  processed?: boolean;

  @EnumFilter(OUTCOMES, { description: 'The outcome of the events.' })
  outcome?: Outcome;

  @FlagFilter({
    description: '`true`: only events that were set aside, or wait after a failed attempt.',
  })
  problems?: boolean;

  @InstantFilter({ description: 'Earliest `created_at`, inclusive.' })
  from?: Date;

  @InstantFilter({ description: 'Latest `created_at`, exclusive.' })
  to?: Date;
}

export class OperationsQueryDto extends ListQueryDto implements OperationListRequest {
  @EnumFilter(OPERATION_STATES, { description: 'The state of the operations.' })
  state?: (typeof OPERATION_STATES)[number];

  @EnumFilter(OPERATION_KINDS, { description: 'The kind of the operations.' })
  kind?: (typeof OPERATION_KINDS)[number];

  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;

  @IdFilter({ description: 'The id of an order at Appmax.', example: 1773760001 })
  order_id?: number;

  @FlagFilter({ description: '`true`: only operations whose sale was paid twice.' })
  paid_twice?: boolean;
}
