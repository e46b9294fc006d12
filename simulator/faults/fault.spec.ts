import { faultKinds, faultSchema, type FaultTarget, matchesRoute } from './fault';
import { faultAnswer } from './fault-answer';
import { FaultRegistry } from './fault-registry';

const call: FaultTarget = {
  method: 'GET',
  pattern: '/v1/orders/:id',
  path: '/v1/orders/42',
  externalKey: 'loja',
};

describe('matchesRoute', () => {
  it.each([
    ['*', true],
    ['/v1/*', true],
    ['GET /v1/*', true],
    ['POST /v1/*', false],
    ['GET /v1/orders/:id', true],
    ['/v1/orders/:id', true],
    ['GET /v1/orders/42', true],
    ['GET /v1/orders/43', false],
    ['/v1/orders', false],
    ['/v1/orders*', true],
    ['/oauth2/token', false],
  ])('route %s of a fault matches GET /v1/orders/42: %s', (route, matches) => {
    expect(matchesRoute(route, call)).toBe(matches);
  });
});

describe('FaultRegistry', () => {
  const strikes = (registry: FaultRegistry, calls: number): boolean[] =>
    Array.from({ length: calls }, () => registry.match(call) !== undefined);

  it('a fault applies to one call by default', () => {
    const registry = new FaultRegistry();
    registry.add(faultSchema.parse({ kind: 'status' }));
    expect(strikes(registry, 3)).toEqual([true, false, false]);
  });

  it('a fault with `skip` lets calls pass first, and counts the calls that it applies to', () => {
    const registry = new FaultRegistry();
    const fault = registry.add(faultSchema.parse({ kind: 'reset', skip: 1, times: 2 }));
    expect(strikes(registry, 5)).toEqual([false, true, true, false, false]);
    expect(fault.hits).toBe(2);
  });

  it('a fault with a probability applies at random and has no end', () => {
    const chances = [0.1, 0.9, 0.2, 0.8];
    const registry = new FaultRegistry(() => chances.shift() ?? 1);
    registry.add(faultSchema.parse({ kind: 'hang', probability: 0.5 }));
    expect(strikes(registry, 4)).toEqual([true, false, true, false]);
  });

  it('a fault does not apply to other merchants and other routes', () => {
    const registry = new FaultRegistry();
    registry.add(faultSchema.parse({ kind: 'status', external_key: 'outra', times: null }));
    registry.add(faultSchema.parse({ kind: 'status', route: 'POST /v1/orders', times: null }));
    expect(strikes(registry, 1)).toEqual([false]);
  });

  it('a late fault never applies to a call outside /v1', () => {
    const registry = new FaultRegistry();
    registry.add(faultSchema.parse({ kind: 'late', route: '*', times: null }));
    const token = { method: 'POST', pattern: '/oauth2/token', path: '/oauth2/token', externalKey: null };
    expect(registry.match(token)).toBeUndefined();
    expect(registry.match(call)?.kind).toBe('late');
  });

  it('a removed fault no longer applies', () => {
    const registry = new FaultRegistry();
    const fault = registry.add(faultSchema.parse({ kind: 'status', times: null }));
    expect(registry.remove(fault.id)).toBe(true);
    expect(registry.remove(fault.id)).toBe(false);
    expect(strikes(registry, 1)).toEqual([false]);
  });
});

describe('faultSchema', () => {
  it('a token fault has the route of its kind by default', () => {
    expect(faultSchema.parse({ kind: 'expires_in' }).route).toBe('POST /oauth2/token');
    expect(faultSchema.parse({ kind: 'token_revoked' }).route).toBe('/v1/*');
  });

  it('a late fault answers with a status, hangs or resets', () => {
    const late = (answer?: unknown): unknown => faultSchema.safeParse({ kind: 'late', answer }).data?.answer;
    expect([late(), late(201), late('hang'), late('reset')]).toEqual([502, 201, 'hang', 'reset']);
    expect([late(99), late('drip')]).toEqual([undefined, undefined]);
    expect(faultSchema.parse({ kind: 'late' }).route).toBe('POST /v1/*');
  });

  it.each(faultKinds)('a fault of kind %s has a response unless it changes or drops the real one', (kind) => {
    const fault = { ...faultSchema.parse({ kind }), id: 1, seen: 0, hits: 0 };
    const garbles = ['hang', 'reset', 'truncate', 'drip', 'expires_in'].includes(kind);
    expect(faultAnswer(fault) === null).toBe(garbles);
  });
});
