export { AnswerNotKept, IdenticalBodies } from './idempotency.interceptor';
export { IdempotencyModule } from './idempotency.module';
export { IdempotencyContext } from './idempotency-context';
export { Idempotent } from './idempotent.decorator';
