import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { invalidBody, type FieldError } from '../errors/api-error';
import { REQUIRED_FIRST } from './validators';

/** Validates request bodies by their DTO: removes unknown fields, and reports the errors of each field. */
@Injectable()
export class BodyPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      transform: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => invalidBody(fieldErrors(errors), requiredFirst(errors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // class-validator would accept an array as a list of bodies, and class-transformer a string as an object.
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value)))
      throw invalidBody();
    const given = metadata.type === 'body' ? withoutNulls(value) : value;
    return super.transform(given, metadata) as Promise<unknown>;
  }
}

/** Removes null fields at every level of a body: null means absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}

/** Returns the message of a missing {@link RequiredFirst} field, if there is one. */
function requiredFirst(errors: readonly ValidationError[]): string | undefined {
  return errors
    .map(({ constraints }) => constraints?.[REQUIRED_FIRST])
    .find((message) => message !== undefined);
}

/** Flattens class-validator's tree: `customer.address.postcode`, `order.products.0.sku`. */
export function fieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const field = parent === '' ? property : `${parent}.${property}`;
    const own = Object.values(constraints).map((message) => ({ field, message }));
    return [...own, ...fieldErrors(children, field)];
  });
}
