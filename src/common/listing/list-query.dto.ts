import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { INT32_MAX, Text } from '../validation/validators';
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

/** A text to look for, exactly. */
export const TextFilter = (maximum = 255): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Read((text) => text),
    Text(maximum),
  );

/** One of a few words. */
export const WordFilter = (words: readonly string[]): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Read((text) => text),
    IsIn(words, { message: `$property must be one of ${words.join(', ')}` }),
  );

/** One of Appmax's ids. */
export const IdFilter = (): PropertyDecorator =>
  applyDecorators(IsOptional(), Read(wholeNumber), IsInt(), Min(1), Max(INT32_MAX));

/** `true` or `false`. */
export const FlagFilter = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Read((text) => (text === 'true' ? true : text === 'false' ? false : text)),
    IsIn([true, false], { message: '$property must be true or false' }),
  );

/** A day or an instant of ISO-8601. */
export const InstantFilter = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Read((text) => parseInstant(text) ?? text),
    ValidateBy({
      name: 'instant',
      validator: {
        validate: (value: unknown) => value instanceof Date,
        defaultMessage: () =>
          '$property must be a day (2026-01-31) or an instant with its zone (2026-01-31T12:00:00Z)',
      },
    }),
  );

/** What every list takes. */
export class ListQueryDto implements PageRequest {
  @Read(wholeNumber, DEFAULT_PAGE)
  @IsInt()
  @Min(1)
  @Max(LONGEST_PAGE)
  limit: number = DEFAULT_PAGE;

  /** The next_cursor of the page before. */
  @IsOptional()
  @Read((text) => decodeCursor(text) ?? text)
  @IsInt({ message: 'cursor must be the next_cursor of a page of this list' })
  cursor?: number;
}
