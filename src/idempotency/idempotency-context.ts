import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/** The idempotency key whose lease the current request holds. Only the holder may prepare operations for the key. */
export interface HeldKey {
  readonly id: number;
  readonly leaseToken: string;
  /** The keyed digest of the request. */
  readonly digest: string;
  /** True if an earlier attempt of the same request may have prepared operations. */
  readonly isRepeat: boolean;
}

interface Store extends HeldKey {
  isUsed: boolean;
  isReplayed: boolean;
}

const storage = new AsyncLocalStorage<Store>();

/** Gives the code of a request access to its idempotency key, and records if the key was used. */
@Injectable()
export class IdempotencyContext {
  /** Returns the key of the current request; undefined if it has none. */
  current(): HeldKey | undefined {
    return storage.getStore();
  }

  /** Records that an operation belongs to the key. The key is then kept, and a repeat resumes the operation. */
  markUsed(): void {
    const store = storage.getStore();
    if (store !== undefined) store.isUsed = true;
  }

  /** Records that the answer is that of an earlier attempt. */
  markReplayed(): void {
    const store = storage.getStore();
    if (store !== undefined) store.isReplayed = true;
  }

  /** Runs the work of a request with its key as context. */
  async run<Value>(
    key: HeldKey,
    work: (outcome: { isUsed: () => boolean; isReplayed: () => boolean }) => Promise<Value>,
  ): Promise<Value> {
    const store: Store = { ...key, isUsed: key.isRepeat, isReplayed: false };
    return storage.run(store, () => work({ isUsed: () => store.isUsed, isReplayed: () => store.isReplayed }));
  }
}
