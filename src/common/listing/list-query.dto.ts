import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, ValidateBy } from 'class-validator';
import { field } from '../validation/field';
import { AppmaxId, Cents, Text, WholeNumber } from '../validation/validators';
import { parseInstant } from './instant';
import { decodeCursor, type PageRequest } from './page';

const LONGEST_PAGE = 200;
const DEFAULT_PAGE = 50;

type Reader = (text: string) => unknown;

/** Parses a parameter. An empty text counts as absent, because browsers send it for an empty field of a form. */
const Read = (read: Reader, fallback?: unknown): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => {
    if (value === '' || value === undefined) return fallback;
    // A parameter that is given twice is an array; its validation rule refuses it.
    return typeof value === 'string' ? read(value) : value;
  });

const wholeNumber: Reader = (text) => (/^\d{1,10}$/.test(text) ? Number(text) : text);

/** The documentation of a filter. */
export interface FilterText {
  readonly description: string;
  readonly example?: unknown;
}

/** A filter by an exact text. */
export const TextFilter = (maximum: number, text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => value),
    Text(maximum, { ...text, optional: true }),
  );

/** A filter by one of several fixed values. */
export const EnumFilter = (values: readonly string[], text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => value),
    field(
      { type: 'string', enum: [...values] },
      { example: values[0], ...text, optional: true },
      IsIn(values, { message: `$property must be one of ${values.join(', ')}` }),
    ),
  );

/** A filter by one of Appmax's ids. */
export const IdFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(Read(wholeNumber), AppmaxId({ ...text, optional: true }));

/** A filter by an amount in cents. */
export const CentsFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(Read(wholeNumber), Cents({ ...text, optional: true }));

/** A filter by `true` or `false`. */
export const FlagFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => (value === 'true' ? true : value === 'false' ? false : value)),
    field(
      { type: 'boolean' },
      { example: true, ...text, optional: true },
      IsIn([true, false], { message: '$property must be true or false' }),
    ),
  );

/** A filter by a day or a time in ISO 8601. */
export const InstantFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => parseInstant(value) ?? value),
    field(
      { type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] },
      { example: '2026-01-31', ...text, optional: true },
      ValidateBy({
        name: 'instant',
        validator: {
          validate: (value: unknown) => value instanceof Date,
          defaultMessage: () =>
            '$property must be a day (2026-01-31) or an instant with its zone (2026-01-31T12:00:00Z)',
        },
      }),
    ),
  );

/** Earlier days are mistakes; PostgreSQL does not know all of them. */
const FIRST_DAY = '2000-01-01';

/** A filter by a day, which stays a text: its time zone is that of the column. */
export const DayFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => value),
    field(
      { type: 'string', format: 'date' },
      { example: '2026-01-31', ...text, optional: true },
      ValidateBy({
        name: 'day',
        validator: {
          validate: (value: unknown) =>
            typeof value === 'string' &&
            value.length === 10 &&
            value >= FIRST_DAY &&
            parseInstant(value) !== undefined,
          defaultMessage: () => '$property must be a day (2026-01-31)',
        },
      }),
    ),
  );

/** The query parameters of every list. */
export class ListQueryDto implements PageRequest {
  @Read(wholeNumber, DEFAULT_PAGE)
  @WholeNumber(1, LONGEST_PAGE, {
    description: `The number of entries per page. Default: ${DEFAULT_PAGE}.`,
    example: DEFAULT_PAGE,
    optional: true,
  })
  limit: number = DEFAULT_PAGE;

  @Read((text) => decodeCursor(text) ?? text)
  @field(
    { type: 'string' },
    { description: 'The `next_cursor` of the previous page.', example: 'Mg', optional: true },
    IsInt({ message: 'cursor must be the next_cursor of a page of this list' }),
  )
  cursor?: number;
}
