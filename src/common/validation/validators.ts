import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  isEmail,
  IsIn,
  IsInt,
  IsIP,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import { cnpj, cpf } from 'cpf-cnpj-validator';
import { bareAddress } from '../http/client-address';
import { field, type FieldOptions } from './field';

/** The maximum of PostgreSQL's INTEGER, which stores Appmax's ids and our cents. */
export const INT32_MAX = 2_147_483_647;

/** A text of 1 to `maximum` characters, without control characters (PostgreSQL does not accept NUL in a text). */
export const Text = (maximum = 255, options: FieldOptions = {}): PropertyDecorator =>
  field(
    // Well-formed JSON has no lone surrogates, so the OpenAPI pattern does not exclude them.
    { type: 'string', minLength: 1, maxLength: maximum, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' },
    options,
    IsString(),
    Length(1, maximum),
    Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: '$property must not contain control characters' }),
  );

/** A text that matches a pattern; `message` describes the pattern. */
export const Pattern = (pattern: RegExp, message: string, options: FieldOptions = {}): PropertyDecorator =>
  field({ type: 'string', pattern: pattern.source }, options, Matches(pattern, { message }));

/** One of several texts. */
export const OneOf = (values: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  field({ type: 'string', enum: [...values] }, options, IsIn(values));

export const Email = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    { type: 'string', format: 'email', maxLength: 255 },
    options,
    ValidateBy({
      name: 'isEmail',
      validator: {
        // isEmail throws on a text with lone surrogates.
        validate: (value: unknown) => typeof value === 'string' && !/\p{Cs}/u.test(value) && isEmail(value),
        defaultMessage: () => '$property must be an email',
      },
    }),
    MaxLength(255),
  );

/** An IPv4 or IPv6 address. A port, brackets, a zone and the IPv4-mapped form are removed. */
export const IpAddress = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (bareAddress(value) ?? value) : value,
    ),
    field({ type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }, options, IsIP()),
  );

/** An integer from `minimum` to `maximum`. */
export const WholeNumber = (
  minimum: number,
  maximum: number,
  options: FieldOptions = {},
): PropertyDecorator =>
  field({ type: 'integer', minimum, maximum }, options, IsInt(), Min(minimum), Max(maximum));

/** The message for an amount that is not whole cents, such as 149.9 or "149,90". */
export const notCents = (name: string): string =>
  `${name} must be an amount in cents, as a whole number: 14990 for R$ 149,90`;

/** An amount in cents: an integer from `minimum` to the maximum of PostgreSQL's INTEGER. */
export const Cents = (options: FieldOptions = {}, minimum = 0): PropertyDecorator =>
  field(
    { type: 'integer', minimum, maximum: INT32_MAX },
    options,
    IsInt({ message: notCents('$property') }),
    Min(minimum),
    Max(INT32_MAX),
  );

/** One of Appmax's ids: a positive 32-bit integer. */
export const AppmaxId = (options: FieldOptions = {}): PropertyDecorator => WholeNumber(1, INT32_MAX, options);

/** An optional id. Absent, null and 0 all mean "none", because existing clients send any of them. */
export const OptionalAppmaxId = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === 0 || value === null ? undefined : value)),
    WholeNumber(0, INT32_MAX, { ...options, optional: true }),
  );

/** The name of the rule whose message becomes the message of the whole response. */
export const REQUIRED_FIRST = 'requiredFirst';

/**
 * Requires a field before all others: if it is missing, the response's message is `… is required`. 0 counts as absent.
 * Must be the last decorator of its field, because decorators run from the bottom up.
 */
export const RequiredFirst = (): PropertyDecorator =>
  ValidateBy({
    name: REQUIRED_FIRST,
    validator: {
      validate: (value: unknown) => value !== undefined && value !== null && value !== 0,
      defaultMessage: () => '$property is required',
    },
  });

/** A CPF or CNPJ with valid check digits, with or without punctuation, which is removed. Letters become upper case. */
export const Document = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      // The letters of a CNPJ are upper case.
      typeof value === 'string' ? value.replace(/[.\-/\s]/g, '').toUpperCase() : value,
    ),
    field(
      { type: 'string', minLength: 11, maxLength: 18 },
      {
        description: 'A CPF or CNPJ with valid check digits, with or without punctuation.',
        example: '52998224725',
        ...options,
      },
      IsString(),
      ValidateBy({
        name: 'document',
        validator: {
          validate: (value: unknown) =>
            typeof value === 'string' && (cpf.isValid(value, true) || cnpj.isValid(value, true)),
          defaultMessage: () => '$property must be a CPF or CNPJ with right check digits',
        },
      }),
    ),
  );
