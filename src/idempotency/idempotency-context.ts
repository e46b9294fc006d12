import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { KeyEnd } from './key-end';

/** The idempotency key whose lease the current request holds. Only the holder may prepare operations for the key. */
export interface HeldKey {
  readonly id: number;
  readonly leaseToken: string;
  /** The keyed digest of the request. */
  readonly digest: string;
  /** True if an earlier attempt of the same request may have prepared operations. */
  readonly isRepeat: boolean;
}

/** The key of a request, with what ends its lease after a success. */
export interface RequestKey extends HeldKey {
  /** True if the key is that of an identical body. */
  readonly isIdentical: boolean;
  /** The status of the answer to store; undefined if repeats resume the operations instead. */
  readonly storedStatus: number | undefined;
}

/** Tells how a request has used its key. */
export interface KeyUsage {
  /** Returns true if an operation belongs to the key. */
  readonly isUsed: () => boolean;
  /** Returns true if the answer is that of an earlier attempt. */
  readonly isReplayed: () => boolean;
  /** Returns true if the lease was ended with the outcome of the request. */
  readonly isEnded: () => boolean;
}

interface Store extends RequestKey {
  isUsed: boolean;
  isReplayed: boolean;
  isEnded: boolean;
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

  /**
   * Returns the end of the current key's lease, to save it together with the request's outcome.
   *
   * @param answer the answer to the request.
   * @returns undefined if the request has no key.
   */
  endWith(answer: unknown): KeyEnd | undefined {
    const store = storage.getStore();
    if (store === undefined) return undefined;
    const { id, leaseToken, isIdentical, storedStatus: status } = store;
    const kept = status === undefined ? null : { status, body: JSON.stringify(answer) };
    return { id, leaseToken, isIdentical, answer: kept };
  }

  /** Records that the key's lease was ended with the request's outcome. */
  markEnded(): void {
    const store = storage.getStore();
    if (store !== undefined) store.isEnded = true;
  }

  /** Runs the work of a request with its key as context. */
  async run<Value>(key: RequestKey, work: (usage: KeyUsage) => Promise<Value>): Promise<Value> {
    const store: Store = { ...key, isUsed: key.isRepeat, isReplayed: false, isEnded: false };
    const usage = {
      isUsed: () => store.isUsed,
      isReplayed: () => store.isReplayed,
      isEnded: () => store.isEnded,
    };
    return storage.run(store, () => work(usage));
  }
}
