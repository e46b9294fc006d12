import { Type, type ClassConstructor } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsObject, ValidateNested } from 'class-validator';
import { field, type FieldOptions } from './field';

// Nest tells a class that is named late by the name of the function that names it: `type`.

/** An object validated by the rules of its own class. */
export const Nested = (type: () => ClassConstructor<object>, options: FieldOptions = {}): PropertyDecorator =>
  field({ type: () => type() }, options, IsDefined(), IsObject(), ValidateNested(), Type(type));

/** A list of objects, each validated by the rules of its own class. */
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
