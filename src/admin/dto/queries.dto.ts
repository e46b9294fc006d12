import {
  FlagFilter,
  IdFilter,
  InstantFilter,
  ListQueryDto,
  TextFilter,
  WordFilter,
} from '../../common/listing/list-query.dto';
import type { InstallationListRequest } from '../../installations';
import { type OrderListRequest, PAYMENT_METHODS } from '../../orders';
import { OPERATION_KINDS, OPERATION_STATES, type OperationListRequest } from '../../payments';
import { type Outcome, OUTCOMES, type WebhookEventListRequest } from '../../webhooks';

export class InstallationsQueryDto extends ListQueryDto implements InstallationListRequest {
  @TextFilter(255, { description: 'Of one merchant.', example: 'shop-42' })
  external_key?: string;
}

export class OrdersQueryDto extends ListQueryDto implements OrderListRequest {
  @TextFilter(255, { description: 'Of one merchant.', example: 'shop-42' })
  external_key?: string;

  @TextFilter(64, { description: 'Of one status.', example: 'aprovado' })
  status?: string;

  @WordFilter(PAYMENT_METHODS, { description: 'By one way to pay.' })
  payment_method?: (typeof PAYMENT_METHODS)[number];

  @InstantFilter({ description: 'The first instant of `created_at` that counts.' })
  from?: Date;

  @InstantFilter({ description: "The first instant of `created_at` that doesn't." })
  to?: Date;
}

export class WebhookEventsQueryDto extends ListQueryDto implements WebhookEventListRequest {
  @TextFilter(64, { description: 'Of one name.', example: 'OrderPaid' })
  event?: string;

  @IdFilter({ description: 'Of one order.', example: 1773760001 })
  order_id?: number;

  @FlagFilter({ description: 'Whether they are processed.' })
  processed?: boolean;

  @WordFilter(OUTCOMES, { description: 'Of one outcome.' })
  outcome?: Outcome;

  @InstantFilter({ description: 'The first instant of `created_at` that counts.' })
  from?: Date;

  @InstantFilter({ description: "The first instant of `created_at` that doesn't." })
  to?: Date;
}

export class OperationsQueryDto extends ListQueryDto implements OperationListRequest {
  @WordFilter(OPERATION_STATES, { description: 'In one state.' })
  state?: (typeof OPERATION_STATES)[number];

  @WordFilter(OPERATION_KINDS, { description: 'Of one kind.' })
  kind?: (typeof OPERATION_KINDS)[number];

  @TextFilter(255, { description: 'Of one merchant.', example: 'shop-42' })
  external_key?: string;

  @IdFilter({ description: 'Of one order.', example: 1773760001 })
  order_id?: number;

  @FlagFilter({ description: 'Those whose sale was paid twice.' })
  paid_twice?: boolean;
}
