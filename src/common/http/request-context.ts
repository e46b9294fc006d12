import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { withoutPeople } from '../masking';

interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();
const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;
/** All of whose digits may be a long number by chance. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The caller's X-Request-Id where it is fit to be logged and passed on, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && isFit(header) ? header : randomUUID();
}

function isFit(id: string): boolean {
  return SANE_REQUEST_ID.test(id) && (UUID.test(id) || withoutPeople(id) === id);
}

/** Runs `work` so that everything it leads to knows the request's id. */
export function runInRequestContext(requestId: string, work: () => void): void {
  storage.run({ requestId }, work);
}

/** The id of the request that this code runs for, if it runs for one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
