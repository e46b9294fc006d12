import { ApiProperty } from '@nestjs/swagger';

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
