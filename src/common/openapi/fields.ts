import { ApiParam, ApiProperty } from '@nestjs/swagger';

/** Documents a response field that holds an instant. */
export const Instant = (description: string, { nullable = false, required = true } = {}): PropertyDecorator =>
  ApiProperty({
    description,
    type: 'string',
    format: 'date-time',
    nullable,
    required,
    example: '2026-01-31T12:00:00.000Z',
  });

/** Documents a response field that holds the id of a database row. */
export const RowId = (): PropertyDecorator =>
  ApiProperty({ description: 'The id in this service.', type: 'integer', minimum: 1, example: 42 });

/** The shop that the quickstart installs. */
const QUICKSTART_SHOP = 'demo-shop';

/** Documents the path parameter `:key`. */
export const InstallationKey = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'key',
    description: "The merchant's `external_key`. The documentation page fills in the shop of the quickstart.",
    example: QUICKSTART_SHOP,
    schema: { type: 'string', maxLength: 255, examples: [QUICKSTART_SHOP] },
  });

/** Documents the path parameter `:order_id`. */
export const OrderIdInPath = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'order_id',
    description: "The order's id at Appmax.",
    schema: { type: 'integer', minimum: 1, maximum: 2_147_483_647, examples: [1773760001] },
  });
