import { applyDecorators } from '@nestjs/common';
import { type ClassConstructor, Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsObject, ValidateNested } from 'class-validator';
import { isBlankObject } from './clean-fields';
import { field, type FieldOptions } from './field';

// Nest recognises a lazy reference to a class by the function's name, so it must be `type`.

/** Makes an object absent whose fields are all blank, such as the address of a form for digital goods. */
const BlankIsAbsent = (): PropertyDecorator =>
  Transform(({ value, obj, key }: { value: unknown; obj: Record<string, unknown>; key: string }) =>
    isBlankObject(obj[key]) ? undefined : value,
  );

/** Declares a field with an object that is validated by its own class. An optional object of blank fields is absent. */
export const Nested = (type: () => ClassConstructor<object>, options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    ...(options.optional === true ? [BlankIsAbsent()] : []),
    field({ type: () => type() }, options, IsDefined(), IsObject(), ValidateNested(), Type(type)),
  );

/** Declares a field with a list of objects that are validated by their own class. */
export const ListOf = (
  type: () => ClassConstructor<object>,
  { minimum = 0, maximum }: { minimum?: number; maximum: number },
  options: FieldOptions = {},
): PropertyDecorator =>
  field(
    { type: () => type(), isArray: true, minItems: minimum, maxItems: maximum },
    options,
    IsArray(),
    ArrayMinSize(minimum),
    ArrayMaxSize(maximum),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(type),
  );
