import { AppmaxFailure, type FailureKind } from '../failures/appmax-failure';
import { Circuits } from './circuit';

const URL = 'https://api.example.com/v1/orders';

describe('Circuits', () => {
  let circuits: Circuits;

  beforeEach(() => {
    circuits = new Circuits();
  });

  afterEach(() => {
    circuits.shutdown();
  });

  const fail = async (
    kind: FailureKind,
    times: number,
    { url = URL, shop, isOwnAbort }: { url?: string; shop?: string; isOwnAbort?: boolean } = {},
  ): Promise<void> => {
    for (let call = 0; call < times; call += 1) {
      await circuits
        .call({ url, operation: 'call', shop }, () =>
          Promise.reject(new AppmaxFailure(kind, 'call', { isOwnAbort })),
        )
        .catch(() => undefined);
    }
  };

  const kindOf = ({ url = URL, shop }: { url?: string; shop?: string } = {}): Promise<unknown> =>
    circuits
      .call({ url, operation: 'call', shop }, () => Promise.resolve('answered'))
      .catch((error: unknown) => (error as AppmaxFailure).kind);

  it.each<FailureKind>(['unknown', 'unavailable'])(
    'the circuit of a host that fails opens: %s',
    async (kind) => {
      await fail(kind, 30);
      expect(await kindOf()).toBe('suspended');
    },
  );

  it.each<FailureKind>(['declined', 'refused', 'rate_limited', 'unauthorized'])(
    'the circuit of a host that refuses calls stays closed: %s',
    async (kind) => {
      await fail(kind, 100);
      expect(await kindOf()).toBe('answered');
    },
  );

  it('one order that cannot be read does not open the circuit', async () => {
    await fail('unknown', 15);
    expect(await kindOf()).toBe('answered');
  });

  it('a few failures of consecutive calls open the circuit', async () => {
    circuits = new Circuits('seldom');
    await fail('unknown', 3);
    expect(await kindOf()).toBe('suspended');
  });

  it('each host has its own circuit', async () => {
    await fail('unknown', 30);
    expect(await kindOf({ url: 'https://auth.example.com/oauth2/token' })).toBe('answered');
  });

  it.each<FailureKind>(['unknown', 'unavailable'])(
    'what we aborted ourselves is no outage: %s',
    async (kind) => {
      await fail(kind, 100, { shop: 'slow', isOwnAbort: true });
      expect(await kindOf({ shop: 'slow' })).toBe('answered');
    },
  );

  it('open circuits of hosts and of shops are counted', async () => {
    expect(circuits.open).toEqual({ hosts: 0, shops: 0 });
    await fail('unknown', 100, { shop: 'slow' });
    expect(circuits.open).toEqual({ hosts: 0, shops: 1 });
    await fail('unknown', 30);
    expect(circuits.open).toEqual({ hosts: 1, shops: 1 });
  });

  it('a shop whose calls get no answer opens only its own circuit', async () => {
    await fail('unknown', 100, { shop: 'slow' });
    expect(await kindOf({ shop: 'slow' })).toBe('suspended');
    expect(await kindOf({ shop: 'other' })).toBe('answered');
  });

  it('two shops that get no answer do not stop a shop that gets answers', async () => {
    for (let round = 0; round < 30; round += 1) {
      await fail('unknown', 1, { shop: 'slow' });
      await fail('unknown', 1, { shop: 'slower' });
      expect(await kindOf({ shop: 'other' })).toBe('answered');
    }
  });

  it('a host that answers none of several shops is dead for all', async () => {
    for (let round = 0; round < 30; round += 1) {
      await fail('unknown', 1, { shop: 'first' });
      await fail('unknown', 1, { shop: 'second' });
    }
    expect(await kindOf({ shop: 'third' })).toBe('suspended');
  });

  it('a host that takes no connection is dead for all, even if only one shop called', async () => {
    await fail('unavailable', 30, { shop: 'only' });
    expect(await kindOf({ shop: 'other' })).toBe('suspended');
  });
});
