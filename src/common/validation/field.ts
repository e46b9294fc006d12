import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsOptional, ValidateIf } from 'class-validator';

/** The documentation of a field, and the conditions under which it is required. */
export interface FieldOptions {
  readonly description?: string;
  readonly example?: unknown;
  /** True if the field may be absent; null counts as absent. */
  readonly optional?: boolean;
  /** Returns true if this object must have the field. Otherwise the field is optional and not validated. */
  readonly requiredIf?: (object: never) => boolean;
}

/** Declares a field's OpenAPI schema and its validation rules together. */
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
