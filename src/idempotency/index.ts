export { AnswerNotKept, IdenticalBodies } from './idempotency.interceptor';
export { IdempotencyModule } from './idempotency.module';
export { type HeldKey, IdempotencyContext } from './idempotency-context';
export { Idempotent } from './idempotent.decorator';
export { type KeyEnd, keyEndParameters, keyEndSql } from './key-end';
