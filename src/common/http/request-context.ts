import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { ApiError } from '../errors/api-error';
import { maskPersonalData } from '../masking';

/** The facts of a request that its log lines have. */
export interface NamedRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
}

interface RequestContext {
  readonly request: NamedRequest;
  /** Returns the address of a caller without a secret key; set once the access guard has let it through. */
  stranger?: () => string;
  /** The id of the checkout session that the caller has named. */
  session?: string;
}

/** 200 without a body: ends a HEAD request before it has an effect. It is thrown as an error. */
class HeadAnswer extends ApiError {
  constructor() {
    super(200, '');
  }
}

const storage = new AsyncLocalStorage<RequestContext>();
const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;
/** A UUID is always accepted: its digits may look like a card or document number by chance. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the caller's X-Request-Id if it is safe to log and to pass on, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && isSafe(header) ? header : randomUUID();
}

function isSafe(id: string): boolean {
  return SANE_REQUEST_ID.test(id) && (UUID.test(id) || maskPersonalData(id) === id);
}

/** Runs `work` in the context of a request; all code that `work` calls, also asynchronously, can read it. */
export function runInRequestContext(request: NamedRequest, work: () => void): void {
  storage.run({ request }, work);
}

/**
 * Ends the current request if it is a HEAD. Called right before the first effect of what a GET does, such as a call to
 * Appmax: link scanners and monitors send HEAD, and must not use up a token or start an installation.
 *
 * @throws ApiError 200 for a HEAD.
 */
export function endHeadRequest(): void {
  if (storage.getStore()?.request.method === 'HEAD') throw new HeadAnswer();
}

/**
 * Records that the current request comes from a caller without a secret key.
 *
 * @param address returns its bare IP address.
 */
export function markStranger(address: () => string): void {
  const context = storage.getStore();
  if (context !== undefined) context.stranger = address;
}

/**
 * Returns the address of the current request's caller if it has no secret key; undefined for other requests, and for
 * background work.
 */
export function currentStranger(): string | undefined {
  return storage.getStore()?.stranger?.();
}

/** Records that the caller has named a checkout session, whose id only the shop and its shopper know. */
export function markSession(id: string): void {
  const context = storage.getStore();
  if (context !== undefined) context.session = id;
}

/** Returns the id of the checkout session that the current request's caller has named. */
export function currentSession(): string | undefined {
  return storage.getStore()?.session;
}

/** Returns the id of the current request, if there is one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.request.id;
}

/** Returns the facts of the current request, if there is one. */
export function currentRequest(): NamedRequest | undefined {
  return storage.getStore()?.request;
}
