import { ApiError } from '../../common/errors/api-error';
import { AppmaxFailure, type FailureKind } from './appmax-failure';
import { failureToApiError, orApiError } from './failure-to-api-error';

const OURS = 'order creation failed';
const THEIRS = 'Invalid customer';
/** The codes of the failures that do not have the code of the operation. */
const codes: Readonly<Partial<Record<FailureKind, string>>> = {
  declined: 'payment_declined',
  rate_limited: 'appmax_rate_limited',
};
const BUSY = 'Appmax is receiving too many requests: try again later';

describe('failureToApiError', () => {
  it.each<[FailureKind, number | undefined, string | undefined, number, string]>([
    ['declined', 402, undefined, 422, 'payment declined'],
    ['declined', 402, THEIRS, 422, 'payment declined'],
    ['declined', undefined, undefined, 422, 'payment declined'],
    ['refused', 400, THEIRS, 400, THEIRS],
    ['refused', 400, undefined, 400, OURS],
    ['refused', 404, THEIRS, 404, THEIRS],
    ['refused', 404, undefined, 404, OURS],
    ['refused', 409, THEIRS, 409, THEIRS],
    ['refused', 409, undefined, 409, OURS],
    ['refused', 422, THEIRS, 422, THEIRS],
    ['refused', 422, undefined, 422, OURS],
    ['refused', 405, THEIRS, 502, THEIRS],
    ['refused', 410, undefined, 502, OURS],
    ['refused', undefined, undefined, 502, OURS],
    ['rate_limited', 429, undefined, 503, BUSY],
    ['rate_limited', 429, THEIRS, 503, BUSY],
    ['unauthorized', 401, THEIRS, 502, THEIRS],
    ['unauthorized', 401, undefined, 502, OURS],
    ['unauthorized', 403, undefined, 502, OURS],
    ['unavailable', undefined, undefined, 502, OURS],
    ['unknown', 500, THEIRS, 502, THEIRS],
    ['unknown', 500, undefined, 502, OURS],
    ['unknown', 503, undefined, 502, OURS],
    ['unknown', 504, undefined, 502, OURS],
    ['unknown', 200, undefined, 502, OURS],
    ['unknown', undefined, undefined, 502, OURS],
  ])('a failure %s (%s, %j) is answered %d "%s"', (kind, status, text, expectedStatus, expectedMessage) => {
    const failure = new AppmaxFailure(kind, 'orders', { status, text });
    const error = failureToApiError(failure, OURS);
    expect(error.getStatus()).toBe(expectedStatus);
    expect(error.getResponse()).toEqual({
      message: expectedMessage,
      code: codes[kind] ?? 'order_creation_failed',
    });
    expect(error.cause).toBe(failure);
  });

  it.each<[number | undefined, string]>([
    [17, '17'],
    [0, '0'],
    [undefined, '5'],
  ])('the Retry-After of %s seconds becomes %s', (retryAfterSeconds, expected) => {
    const failure = new AppmaxFailure('rate_limited', 'orders', { status: 429, retryAfterSeconds });
    expect(failureToApiError(failure, OURS).headers).toEqual({ 'Retry-After': expected });
  });
});

describe('orApiError', () => {
  it('the result of a successful call is returned', async () => {
    expect(await orApiError(Promise.resolve(7), OURS)).toBe(7);
  });

  it('a failure of Appmax becomes an error for the client', async () => {
    const failing = orApiError(Promise.reject(new AppmaxFailure('refused', 'orders', { status: 404 })), OURS);
    await expect(failing).rejects.toEqual(new ApiError(404, OURS));
  });

  it('every other error is rethrown unchanged', async () => {
    const error = new TypeError('ours');
    await expect(orApiError(Promise.reject(error), OURS)).rejects.toBe(error);
  });
});

describe('AppmaxFailure', () => {
  it("the failure's message has the operation, the outcome and the status, but no text of Appmax", () => {
    const failure = new AppmaxFailure('refused', 'orders', { status: 404, text: THEIRS });
    expect(failure.message).toBe('orders: refused (404)');
    expect(new AppmaxFailure('unavailable', 'orders').message).toBe('orders: unavailable');
  });
});
