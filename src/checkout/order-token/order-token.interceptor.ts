import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { ApiError } from '../../common/errors/api-error';
import { isRecord } from '../../common/is-record';
import { StorefrontOrders } from '../storefront-orders';

/**
 * Adds `order_token` to each answer, also an error, with an `order_id` that the request did not name: the request has
 * created that order. It must run outside of the idempotency interceptor, which stores answers: tokens are not stored.
 */
@Injectable()
export class OrderTokenInterceptor implements NestInterceptor {
  constructor(private readonly orders: StorefrontOrders) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { params, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const { key = '' } = params as { key?: string };
    const named = isRecord(body) ? body['order_id'] : undefined;
    const tokenFor = (answer: unknown): { order_token?: string } => {
      const orderId = isRecord(answer) ? answer['order_id'] : undefined;
      if (typeof orderId !== 'number' || orderId === named) return {};
      return { order_token: this.orders.tokenOf({ key, orderId }) };
    };
    return next.handle().pipe(
      map((answer: unknown) => {
        // A stored answer is the text of its JSON.
        if (typeof answer !== 'string') return isRecord(answer) ? { ...answer, ...tokenFor(answer) } : answer;
        const stored = JSON.parse(answer) as unknown;
        return isRecord(stored) ? JSON.stringify({ ...stored, ...tokenFor(stored) }) : answer;
      }),
      catchError((error: unknown) =>
        throwError(() =>
          error instanceof ApiError ? error.with({ details: tokenFor(error.getResponse()) }) : error,
        ),
      ),
    );
  }
}
