import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Runs work without the context of the current request: its id in log lines, its caller, its trace. For background work
 * that a request wakes, and for connections and timers that it creates but that outlive it.
 */
export const outsideOfRequests: <Result>(work: () => Result) => Result = AsyncLocalStorage.snapshot();
