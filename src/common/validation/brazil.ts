import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { field, type FieldOptions } from './field';

/** Blanks, invisible marks, and the characters of masks: `(11) 98888-7777`, `01.310-100`. */
const MASK = /[\s\p{Cf}\p{Pd}()./]/gu;

/** Applies a function to a field if it is a text. */
const texts = (normalise: (text: string) => string): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalise(value) : value));

/**
 * A telephone number in Brazil: at most 11 digits with the area code, as Appmax limits it. Masks are removed, and so
 * are the country code (`+55`, `0055`, or `55` before a whole number) and the 0 before an area code.
 */
export const Phone = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    texts((text) =>
      text
        .replace(MASK, '')
        .replace(/^(?:\+|00)55/, '')
        .replace(/^55(?=\d{10,11}$)/, '')
        .replace(/^0(?=\d{10,11}$)/, ''),
    ),
    field(
      { type: 'string', minLength: 1, maxLength: 30 },
      {
        description:
          'With the area code; at most 11 digits. Masks and the country code +55 are removed, other country codes ' +
          'are refused.',
        example: '11988887777',
        ...options,
      },
      Matches(/^\d{1,11}$/, { message: '$property must be at most 11 digits, with the area code' }),
    ),
  );

/** A postcode (CEP): at most 8 digits. Masks are removed. */
export const Postcode = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    texts((text) => text.replace(MASK, '')),
    field(
      { type: 'string', minLength: 1, maxLength: 20 },
      { description: 'A CEP: at most 8 digits. Masks are removed.', example: '01310100', ...options },
      Matches(/^\d{1,8}$/, { message: '$property must be at most 8 digits' }),
    ),
  );

/** The two letters of a state (UF), in upper or lower case. */
export const State = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    texts((text) =>
      text.replace(/[\s\p{Cf}]/gu, '').replace(/^[a-z]{2}$/i, (letters) => letters.toUpperCase()),
    ),
    field(
      { type: 'string', minLength: 2, maxLength: 10 },
      { description: 'The two letters of the state.', example: 'SP', ...options },
      Matches(/^[A-Z]{2}$/, { message: '$property must be the two letters of a state, such as SP' }),
    ),
  );
