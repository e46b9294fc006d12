import { isConnectError, tagConnectError } from './connect-phase';
import { isNothingSent, SecondWriteError, WriteRefusedError } from './write-gate';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });
const connectError = (code: string): Error => tagConnectError(withCode(code));

describe('isNothingSent', () => {
  it.each<[what: string, error: unknown, written: boolean, expected: boolean]>([
    ['a refused connection', connectError('ECONNREFUSED'), false, true],
    ['a host that has no address', connectError('ENOTFOUND'), false, true],
    ['an unreachable host', connectError('EHOSTUNREACH'), false, true],
    ['a connection that took too long', connectError('UND_ERR_CONNECT_TIMEOUT'), false, true],
    ['a certificate for another host', connectError('ERR_TLS_CERT_ALTNAME_INVALID'), false, true],
    ['a connect error as a cause', new Error('failed', { cause: connectError('EPIPE') }), false, true],
    ['a write that the gate refused', new WriteRefusedError('late'), false, true],
    ['a second write that was refused', new SecondWriteError('again'), true, false],
    ['a connect error after a write', connectError('ECONNREFUSED'), true, false],
    ['ECONNREFUSED of an established connection', withCode('ECONNREFUSED'), true, false],
    ['EHOSTUNREACH of an established connection', withCode('EHOSTUNREACH'), true, false],
    ['an error with such a code and no tag', withCode('ENETUNREACH'), false, false],
    ['a reset', withCode('ECONNRESET'), true, false],
    ['a timeout', new DOMException('late', 'TimeoutError'), true, false],
    ['a timeout before the write', new DOMException('late', 'TimeoutError'), false, false],
    ['a text instead of an error', 'ECONNREFUSED', false, false],
    ['undefined', undefined, false, false],
  ])('the error tells whether a request was sent: %s', (_, error, written, expected) => {
    expect(isNothingSent({ error, written })).toBe(expected);
  });
});

describe('isConnectError', () => {
  it('a connect error is recognised by its tag, not by its code', () => {
    const tagged = connectError('ECONNREFUSED');
    expect([isConnectError(tagged), isConnectError(withCode('ECONNREFUSED'))]).toEqual([true, false]);
  });
});
