import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';

/** The key that the present request holds, by its lease: only the holder may prepare operations under it. */
export interface HeldKey {
  readonly id: number;
  readonly leaseToken: string;
  /** The keyed digest of the request. */
  readonly digest: string;
  /** Whether an earlier try of the same request may have left operations behind. */
  readonly isRepeat: boolean;
}

interface Store extends HeldKey {
  isUsed: boolean;
  isReplayed: boolean;
}

const storage = new AsyncLocalStorage<Store>();

/** Tells the code that carries a request out which key the request holds, and takes back what it did under it. */
@Injectable()
export class IdempotencyContext {
  /** The key of the present request; undefined where it has none. */
  current(): HeldKey | undefined {
    return storage.getStore();
  }

  /** Notes that an operation belongs to the key: it is kept, and repeats go on with what it left. */
  markUsed(): void {
    const store = storage.getStore();
    if (store !== undefined) store.isUsed = true;
  }

  /** Notes that the answer is that of an earlier try. */
  markReplayed(): void {
    const store = storage.getStore();
    if (store !== undefined) store.isReplayed = true;
  }

  /** Runs the work of a request that holds a key. */
  async run<Value>(
    key: HeldKey,
    work: (outcome: { isUsed: () => boolean; isReplayed: () => boolean }) => Promise<Value>,
  ): Promise<Value> {
    const store: Store = { ...key, isUsed: key.isRepeat, isReplayed: false };
    return storage.run(store, () => work({ isUsed: () => store.isUsed, isReplayed: () => store.isReplayed }));
  }
}
