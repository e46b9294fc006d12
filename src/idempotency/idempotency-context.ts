import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { IdempotencyKeys } from './idempotency-keys';

interface Claimed {
  readonly id: number;
  orderId: number | undefined;
}

const storage = new AsyncLocalStorage<Claimed>();

/**
 * What a request with an Idempotency-Key remembers for its repeats: the order that it made. A repeat of a request that
 * was cut short goes on with that order instead of making another.
 */
@Injectable()
export class IdempotencyContext {
  constructor(private readonly keys: IdempotencyKeys) {}

  /** The order that an earlier try of this request made, by its id in our database. */
  rememberedOrder(): number | undefined {
    return storage.getStore()?.orderId;
  }

  /** Does nothing for a request without a key. */
  async rememberOrder(orderId: number): Promise<void> {
    const claimed = storage.getStore();
    if (claimed === undefined) return;
    claimed.orderId = orderId;
    await this.keys.rememberOrder(claimed.id, orderId);
  }

  run<Value>(
    claimed: { id: number; orderId: number | undefined },
    work: () => Promise<Value>,
  ): Promise<Value> {
    return storage.run({ ...claimed }, work);
  }
}
