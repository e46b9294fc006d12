import { Module } from '@nestjs/common';
import { IdempotencyContext } from './idempotency-context';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { IdempotencyKeys } from './idempotency-keys';

/** Idempotency-Key: one effect and one answer for any number of repeats. */
@Module({
  providers: [IdempotencyContext, IdempotencyInterceptor, IdempotencyKeys],
  exports: [IdempotencyContext, IdempotencyInterceptor, IdempotencyKeys],
})
export class IdempotencyModule {}
