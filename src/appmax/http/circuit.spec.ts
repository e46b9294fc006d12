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

  const fail = async (kind: FailureKind, times: number, url = URL): Promise<void> => {
    for (let call = 0; call < times; call += 1) {
      await circuits
        .call(url, 'call', () => Promise.reject(new AppmaxFailure(kind, 'call')))
        .catch(() => undefined);
    }
  };

  const kindOf = (url = URL): Promise<unknown> =>
    circuits
      .call(url, 'call', () => Promise.resolve('answered'))
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
    expect(await kindOf('https://auth.example.com/oauth2/token')).toBe('answered');
  });
});
