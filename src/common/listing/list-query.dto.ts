import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, ValidateBy } from 'class-validator';
import { field } from '../validation/field';
import { AppmaxId, Text, WholeNumber } from '../validation/validators';
import { decodeCursor } from './cursor';
import { parseInstant } from './instant';
import type { PageRequest } from './page';

const LONGEST_PAGE = 200;
const DEFAULT_PAGE = 50;

type Reader = (text: string) => unknown;

/** Reads a parameter; a form in a browser sends those that are left open as empty texts. */
const Read = (read: Reader, fallback?: unknown): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => {
    if (value === '' || value === undefined) return fallback;
    // One that is given twice comes as an array, and is refused by its rule as it is.
    return typeof value === 'string' ? read(value) : value;
  });

const wholeNumber: Reader = (text) => (/^\d{1,10}$/.test(text) ? Number(text) : text);

/** What the API's document says of a filter. */
export interface FilterText {
  readonly description: string;
  readonly example?: unknown;
}

/** A text to look for, exactly. */
export const TextFilter = (maximum: number, text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => value),
    Text(maximum, { ...text, optional: true }),
  );

/** One of a few words. */
export const WordFilter = (words: readonly string[], text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => value),
    field(
      { type: 'string', enum: [...words] },
      { example: words[0], ...text, optional: true },
      IsIn(words, { message: `$property must be one of ${words.join(', ')}` }),
    ),
  );

/** One of Appmax's ids. */
export const IdFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(Read(wholeNumber), AppmaxId({ ...text, optional: true }));

/** `true` or `false`. */
export const FlagFilter = (text: FilterText): PropertyDecorator =>
  applyDecorators(
    Read((value) => (value === 'true' ? true : value === 'false' ? false : value)),
    field(
      { type: 'boolean' },
      { example: true, ...text, optional: true },
      IsIn([true, false], { message: '$property must be true or false' }),
    ),
  );

/** A day or an instant of ISO-8601. */
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

/** What every list takes. */
export class ListQueryDto implements PageRequest {
  @Read(wholeNumber, DEFAULT_PAGE)
  @WholeNumber(1, LONGEST_PAGE, {
    description: `How many entries to a page; ${DEFAULT_PAGE} where it is left out.`,
    example: DEFAULT_PAGE,
    optional: true,
  })
  limit: number = DEFAULT_PAGE;

  @Read((text) => decodeCursor(text) ?? text)
  @field(
    { type: 'string' },
    { description: 'The `next_cursor` of the page before.', example: 'Mg', optional: true },
    IsInt({ message: 'cursor must be the next_cursor of a page of this list' }),
  )
  cursor?: number;
}
