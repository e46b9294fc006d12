import { type FindAddresses, HostResolver } from './resolve-host';

type Looked = readonly [error: Error | null, address: unknown, family?: number | undefined];

/** Resolves a name as a connection does. */
const look = (resolver: HostResolver, host: string, all = true): Promise<Looked> =>
  new Promise((resolve) => {
    resolver.lookup(host, { all }, (...answer) => {
      resolve(answer);
    });
  });

const names: FindAddresses = (host) =>
  Promise.resolve(
    {
      'public.example': ['93.184.215.14', '2606:4700::1111'],
      'private.example': ['10.0.0.1'],
      'mixed.example': ['93.184.215.14', '10.0.0.1'],
    }[host] ?? [],
  );

describe('The resolution of hosts of endpoints', () => {
  it('a connection gets the addresses that were checked', async () => {
    const resolver = new HostResolver(false, names);
    expect(await look(resolver, 'public.example')).toEqual([
      null,
      [
        { address: '93.184.215.14', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
    ]);
    expect(await look(resolver, 'public.example', false)).toEqual([null, '93.184.215.14', 4]);
  });

  it.each(['private.example', 'mixed.example', '127.0.0.1', '::ffff:10.0.0.1'])(
    'the host %s is refused, because one of its addresses is private',
    async (host) => {
      const [error] = await look(new HostResolver(false, names), host);
      expect(error).toMatchObject({ code: 'PRIVATE_ADDRESS' });
    },
  );

  it('a name without an address is refused', async () => {
    const [error] = await look(new HostResolver(false, names), 'nowhere.example');
    expect(error).toMatchObject({ code: 'UNRESOLVED_NAME' });
  });

  it('a name is resolved for each connection, so one that becomes private is refused', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const resolver = new HostResolver(false, () => Promise.resolve(answers.shift() ?? []));
    expect((await look(resolver, 'rebinding.example'))[0]).toBeNull();
    expect((await look(resolver, 'rebinding.example'))[0]).toMatchObject({ code: 'PRIVATE_ADDRESS' });
  });

  it('private addresses are resolved if they are allowed', async () => {
    expect(await look(new HostResolver(true, names), 'private.example', false)).toEqual([
      null,
      '10.0.0.1',
      4,
    ]);
  });
});
