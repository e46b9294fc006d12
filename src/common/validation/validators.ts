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
import { field, type FieldOptions } from './field';

/** The largest value of PostgreSQL's INTEGER: Appmax's ids and our cents are kept in that. */
export const INT32_MAX = 2_147_483_647;

/** A text of 1 to `maximum` characters, without control characters (PostgreSQL takes no NUL, and no name needs one). */
export const Text = (maximum = 255, options: FieldOptions = {}): PropertyDecorator =>
  field(
    // JSON that is well-formed has no lone surrogates, so that the document need not exclude them.
    { type: 'string', minLength: 1, maxLength: maximum, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' },
    options,
    IsString(),
    Length(1, maximum),
    Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: '$property must not contain control characters' }),
  );

/** A text that is written in one way only; `message` says in which. */
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
        // isEmail throws at a text that is not well-formed.
        validate: (value: unknown) => typeof value === 'string' && !/\p{Cs}/u.test(value) && isEmail(value),
        defaultMessage: () => '$property must be an email',
      },
    }),
    MaxLength(255),
  );

/** An address of IPv4 or IPv6. */
export const IpAddress = (options: FieldOptions = {}): PropertyDecorator =>
  field({ type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }, options, IsIP());

/** A whole number within bounds, both included. */
export const WholeNumber = (
  minimum: number,
  maximum: number,
  options: FieldOptions = {},
): PropertyDecorator =>
  field({ type: 'integer', minimum, maximum }, options, IsInt(), Min(minimum), Max(maximum));

/** An amount in cents: a whole number from 0 to what PostgreSQL's INTEGER holds. */
export const Cents = (options: FieldOptions = {}): PropertyDecorator => WholeNumber(0, INT32_MAX, options);

/** One of Appmax's ids: a positive 32-bit integer. */
export const AppmaxId = (options: FieldOptions = {}): PropertyDecorator => WholeNumber(1, INT32_MAX, options);

/** Absent, null and 0 all mean "none": that is how existing clients leave an id out. */
export const OptionalAppmaxId = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === 0 || value === null ? undefined : value)),
    WholeNumber(0, INT32_MAX, { ...options, optional: true }),
  );

/** Names the rule whose failure is the whole answer's message. */
export const REQUIRED_FIRST = 'requiredFirst';

/**
 * A field without which nothing else of the body is worth checking: the answer says `… is required`. 0 counts as absent.
 * Stands below the other rules of its field, so that it is the first that is checked.
 */
export const RequiredFirst = (): PropertyDecorator =>
  ValidateBy({
    name: REQUIRED_FIRST,
    validator: {
      validate: (value: unknown) => value !== undefined && value !== null && value !== 0,
      defaultMessage: () => '$property is required',
    },
  });

/** A CPF or CNPJ with right check digits, with or without punctuation; leaves the digits alone. */
export const Document = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.replace(/[.\-/\s]/g, '') : value,
    ),
    field(
      { type: 'string', minLength: 11, maxLength: 18 },
      {
        description: 'A CPF or CNPJ with right check digits, with or without punctuation.',
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
