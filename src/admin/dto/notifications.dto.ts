import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { EnumFilter, IdFilter, ListQueryDto, TextFilter } from '../../common/listing/list-query.dto';
import { field } from '../../common/validation/field';
import { Text } from '../../common/validation/validators';
import {
  DELIVERY_STATES,
  type DeliveryListRequest,
  type DeliveryState,
  ENDPOINT_EVENTS,
  type EndpointEvent,
  type EndpointListRequest,
  NOTIFICATION_TYPES,
} from '../../notifications';

const LONGEST_URL = 2_048;
const MAXIMUM_REPLAYS = 200;

/** Declares the field for the types of notifications that an endpoint gets. */
const Events = (description: string): PropertyDecorator =>
  field(
    {
      type: 'string',
      enum: [...ENDPOINT_EVENTS],
      isArray: true,
      minItems: 1,
      maxItems: ENDPOINT_EVENTS.length,
    },
    { description, example: ['order.status_changed', 'refund.confirmed'], optional: true },
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(ENDPOINT_EVENTS.length),
    IsIn(ENDPOINT_EVENTS, { each: true, message: `events must be of ${ENDPOINT_EVENTS.join(', ')}` }),
  );

/** An endpoint to make. */
export class NewEndpointDto {
  @Text(LONGEST_URL, {
    description: 'An https:// address, not a private one.',
    example: 'https://shop.example.com/appmax',
  })
  url: string;

  @Text(255, {
    description: 'The `external_key` of the only shop whose changes it gets. Absent: all shops.',
    example: 'shop-42',
    optional: true,
  })
  external_key?: string | null;

  @Events(
    'The types of notifications that it gets. Absent, or `["*"]`: all, also those that are added later.',
  )
  events?: EndpointEvent[] | null;
}

/** A change of an endpoint. */
export class EndpointChangeDto {
  @Text(LONGEST_URL, {
    description: 'The new address.',
    example: 'https://shop.example.com/appmax',
    optional: true,
  })
  url?: string | null;

  @Events('The types of notifications that it gets from now on. `["*"]`: all. Absent: as before.')
  events?: EndpointEvent[] | null;

  @field(
    { type: 'boolean' },
    {
      description: '`true` enables the endpoint and sends what it has missed; `false` disables it.',
      example: true,
      optional: true,
    },
    IsBoolean(),
  )
  enabled?: boolean | null;
}

/** Deliveries to send again. */
export class NotificationReplayDto {
  @field(
    {
      type: 'array',
      items: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      minItems: 1,
      maxItems: MAXIMUM_REPLAYS,
    },
    { description: 'The ids of deliveries of the list.', example: [42, 43] },
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAXIMUM_REPLAYS),
    IsInt({ each: true }),
    Min(1, { each: true }),
    Max(Number.MAX_SAFE_INTEGER, { each: true }),
  )
  ids: number[];
}

export class EndpointsQueryDto extends ListQueryDto implements EndpointListRequest {
  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;
}

export class NotificationsQueryDto extends ListQueryDto implements DeliveryListRequest {
  @IdFilter({ description: 'The id of an endpoint.', example: 7 })
  endpoint_id?: number;

  @EnumFilter(DELIVERY_STATES, { description: 'The state of the deliveries.' })
  state?: DeliveryState;

  @EnumFilter(NOTIFICATION_TYPES, { description: 'The type of the notifications.' })
  type?: (typeof NOTIFICATION_TYPES)[number];

  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;

  @IdFilter({ description: 'The id of an order at Appmax.', example: 1773760001 })
  order_id?: number;
}
