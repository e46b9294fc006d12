import { Module } from '@nestjs/common';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { IdempotencyContext } from './idempotency-context';
import { IdempotencyKeys, KeyLeases } from './idempotency-keys';

/** Implements the Idempotency-Key: any number of repeated requests have one effect and one answer. */
@Module({
  providers: [IdempotencyContext, IdempotencyInterceptor, IdempotencyKeys, KeyLeases],
  exports: [IdempotencyContext, IdempotencyInterceptor, IdempotencyKeys, KeyLeases],
})
export class IdempotencyModule {}
