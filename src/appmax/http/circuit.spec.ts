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
    'keeps calls back from a host that fails: %s',
    async (kind) => {
      await fail(kind, 30);
      expect(await kindOf()).toBe('suspended');
    },
  );

  it.each<FailureKind>(['declined', 'refused', 'rate_limited', 'unauthorized'])(
    'never keeps calls back from a host that says no: %s',
    async (kind) => {
      await fail(kind, 100);
      expect(await kindOf()).toBe('answered');
    },
  );

  it('does not take a single order that can not be read for an outage', async () => {
    await fail('unknown', 15);
    expect(await kindOf()).toBe('answered');
  });

  it('takes few failures for an outage where calls are made one at a time', async () => {
    circuits = new Circuits('seldom');
    await fail('unknown', 3);
    expect(await kindOf()).toBe('suspended');
  });

  it('goes host by host', async () => {
    await fail('unknown', 30);
    expect(await kindOf('https://auth.example.com/oauth2/token')).toBe('answered');
  });
});
