import { ApiParam } from '@nestjs/swagger';

/** Documents the path parameter `:key`. */
export const InstallationKey = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'key',
    description: "The merchant's `external_key`.",
    schema: { type: 'string', maxLength: 255, examples: ['shop-42'] },
  });

/** Documents the path parameter `:order_id`. */
export const OrderIdInPath = (): MethodDecorator & ClassDecorator =>
  ApiParam({
    name: 'order_id',
    description: "The order's id at Appmax.",
    schema: { type: 'integer', minimum: 1, maximum: 2_147_483_647, examples: [1773760001] },
  });
