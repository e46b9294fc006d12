import {
  FlagFilter,
  IdFilter,
  InstantFilter,
  ListQueryDto,
  TextFilter,
  WordFilter,
} from '../../common/listing/list-query.dto';
import type { InstallationListRequest } from '../../installations/installation-list';
import { PAYMENT_METHODS, type OrderListRequest } from '../../orders/order-list';
import type { WebhookEventListRequest } from '../../webhooks/event-list';
import { OUTCOMES, type Outcome } from '../../webhooks/event-outcome';

export class InstallationsQueryDto extends ListQueryDto implements InstallationListRequest {
  @TextFilter()
  external_key?: string;
}

export class OrdersQueryDto extends ListQueryDto implements OrderListRequest {
  @TextFilter()
  external_key?: string;

  @TextFilter(64)
  status?: string;

  @WordFilter(PAYMENT_METHODS)
  payment_method?: (typeof PAYMENT_METHODS)[number];

  /** The first instant of created_at that counts. */
  @InstantFilter()
  from?: Date;

  /** The first instant of created_at that doesn't. */
  @InstantFilter()
  to?: Date;
}

export class WebhookEventsQueryDto extends ListQueryDto implements WebhookEventListRequest {
  @TextFilter(64)
  event?: string;

  @IdFilter()
  order_id?: number;

  @FlagFilter()
  processed?: boolean;

  @WordFilter(OUTCOMES)
  outcome?: Outcome;

  /** The first instant of created_at that counts. */
  @InstantFilter()
  from?: Date;

  /** The first instant of created_at that doesn't. */
  @InstantFilter()
  to?: Date;
}
