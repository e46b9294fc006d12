import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsOptional, ValidateIf } from 'class-validator';

/** What the API's document says of a field beside what its rules say. */
export interface FieldOptions {
  readonly description?: string;
  readonly example?: unknown;
  /** May be left out; null counts as left out. */
  readonly optional?: boolean;
  /** May be left out, and isn't looked at, unless this holds for the object that has the field. */
  readonly requiredIf?: (object: never) => boolean;
}

/** A field as the document shows it, and the rules that its values are checked by: one declaration for both. */
export function field(
  schema: ApiPropertyOptions,
  { optional = false, requiredIf, ...texts }: FieldOptions,
  ...rules: readonly PropertyDecorator[]
): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      ...schema,
      ...texts,
      required: !optional && requiredIf === undefined,
    } as ApiPropertyOptions),
    ...(optional ? [IsOptional()] : []),
    ...(requiredIf === undefined ? [] : [ValidateIf(requiredIf as (object: object) => boolean)]),
    ...rules,
  );
}
