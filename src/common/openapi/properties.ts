import { ApiProperty } from '@nestjs/swagger';

/** An instant of an answer. */
export const Instant = (description: string, { nullable = false } = {}): PropertyDecorator =>
  ApiProperty({
    description,
    type: 'string',
    format: 'date-time',
    nullable,
    example: '2026-01-31T12:00:00.000Z',
  });

/** The id of a row of ours. */
export const RowId = (): PropertyDecorator =>
  ApiProperty({ description: 'Our own id of it.', type: 'integer', minimum: 1, example: 42 });
