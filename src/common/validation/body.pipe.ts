import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  type ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import { type FieldError, invalidBody, invalidQuery } from '../errors/api-error';
import { cleanFields } from './clean-fields';
import { REQUIRED_FIRST } from './validators';

/** The name of class-validator's error for a field that a DTO does not have. */
const UNKNOWN_FIELD = 'whitelistValidation';

/**
 * Validates request bodies and query parameters by their DTO, and reports the errors of each field. Unknown fields of a
 * body are removed; unknown query parameters are refused, because a mistyped filter would otherwise select everything.
 * What needs no validation passes without a promise: each one costs every request time.
 */
@Injectable()
export class BodyPipe implements PipeTransform {
  private readonly body = new ValidationPipe({
    whitelist: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalidBody(fieldErrors(errors), requiredFirst(errors)),
  });
  private readonly query = new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalidQuery(fieldErrors(errors)),
  });

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    // Own decorators have read their values already, and a text of the path needs no conversion.
    if (metadata.type === 'custom' || (metadata.type === 'param' && metadata.metatype === String))
      return value;
    // class-validator would accept an array as a list of bodies, and class-transformer a string as an object.
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value)))
      throw invalidBody();
    if (metadata.type === 'query') return this.query.transform(cleanFields(value), metadata);
    return this.body.transform(metadata.type === 'body' ? cleanFields(value) : value, metadata);
  }
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
    const own = Object.entries(constraints).map(([rule, message]) => ({
      field,
      message: rule === UNKNOWN_FIELD ? `there is no parameter ${field}` : message,
    }));
    return [...own, ...fieldErrors(children, field)];
  });
}
