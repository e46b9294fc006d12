import { applyDecorators } from '@nestjs/common';
import { Transform, Type, type ClassConstructor } from 'class-transformer';
import {
  IsDefined,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { cnpj, cpf } from 'cpf-cnpj-validator';

/** The largest value of PostgreSQL's INTEGER: Appmax's ids and our cents are kept in that. */
export const INT32_MAX = 2_147_483_647;

/** A text of 1 to `maximum` characters, without control characters (PostgreSQL takes no NUL, and no name needs one). */
export const Text = (maximum = 255): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Length(1, maximum),
    Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: '$property must not contain control characters' }),
  );

/** An amount in cents: a whole number from 0 to what PostgreSQL's INTEGER holds. */
export const Cents = (): PropertyDecorator => applyDecorators(IsInt(), Min(0), Max(INT32_MAX));

/** A whole number within bounds, both included. */
export const WholeNumber = (minimum: number, maximum: number): PropertyDecorator =>
  applyDecorators(IsInt(), Min(minimum), Max(maximum));

/** One of Appmax's ids: a positive 32-bit integer. */
export const AppmaxId = (): PropertyDecorator => WholeNumber(1, INT32_MAX);

/** Absent, null and 0 all mean "none": that is how existing clients leave an id out. */
export const OptionalAppmaxId = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (value === 0 || value === null ? undefined : value)),
    IsOptional(),
    AppmaxId(),
  );

/** Names the rule whose failure is the whole answer's message. */
export const REQUIRED_FIRST = 'requiredFirst';

/**
 * A field without which nothing else of the body is worth checking: the answer says `… is required`. 0 counts as
 * absent. It stands last of its field's decorators: they run from the bottom up, and the first fault is the one told.
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
export const Document = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.replace(/[.\-/\s]/g, '') : value,
    ),
    IsString(),
    ValidateBy({
      name: 'document',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && (cpf.isValid(value, true) || cnpj.isValid(value, true)),
        defaultMessage: () => '$property must be a CPF or CNPJ with right check digits',
      },
    }),
  );

/** An object validated by the rules of its own class. */
export const Nested = (type: () => ClassConstructor<object>): PropertyDecorator =>
  applyDecorators(IsDefined(), IsObject(), ValidateNested(), Type(type));
