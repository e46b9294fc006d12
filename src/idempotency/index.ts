export { IdempotencyContext } from './idempotency-context';
export { AnswerNotKept, IdenticalBodies } from './idempotency.interceptor';
export { IdempotencyModule } from './idempotency.module';
export { Idempotent } from './idempotent.decorator';
