import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { Receiver, verifies } from './support/receiver';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { startSystem, type TestSystem } from './support/system';

type Item = Readonly<Record<string, unknown>>;

describe('Endpoints that are refused', () => {
  let system: TestSystem;
  let receiver: Receiver;

  beforeAll(async () => {
    system = await startSystem();
    receiver = await new Receiver().start();
  });

  afterAll(async () => {
    await system.stop();
    await receiver.stop();
  });

  const create = (url: string): Promise<Answer> =>
    system.services[0].send('POST', '/admin/endpoints', { secretKey: SECRET_KEY, body: { url } });

  it.each([
    'https://127.0.0.1/hook',
    'https://2130706433/hook',
    'https://0x7f.1/hook',
    'https://10.1.2.3/hook',
    'https://100.64.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://[64:ff9b::a00:1]/hook',
    'https://[fe80::1]/hook',
    'https://[fd00::1]/hook',
  ])('an endpoint at the private address %s is not made', async (url) => {
    const refused = await create(url);
    expect([refused.status, refused.body['errors']]).toEqual([
      400,
      [{ field: 'url', message: 'url must not be a private address, or a name that has one' }],
    ]);
  });

  it.each(['http://93.184.215.14/hook', 'ftp://93.184.215.14/', 'no address', 'https://'])(
    'an endpoint at %s is not made, because it is not https',
    async (url) => {
      expect((await create(url)).body['errors']).toEqual([
        { field: 'url', message: 'url must be an https:// address' },
      ]);
    },
  );

  it('an endpoint with a user name in its address is not made', async () => {
    expect((await create('https://user:pass@93.184.215.14/')).body['errors']).toEqual([
      { field: 'url', message: 'url must not contain a password' },
    ]);
  });

  it('an endpoint whose address is private now gets no request', async () => {
    const made = await create('https://93.184.215.14/hook');
    expect(made.status).toBe(200);
    // As if its name had another address than when it was made: http, since the receiver has no certificate.
    await system.database.query('UPDATE notification_endpoints SET url = $1', [receiver.url]);
    const tested = await system.services[0].send('POST', `/admin/endpoints/${String(made.body['id'])}/test`, {
      secretKey: SECRET_KEY,
    });
    expect(tested.body).toEqual({ delivered: false, status: null, error: 'the address is not public' });
    expect(receiver.received).toEqual([]);
  });
});

describe('The endpoint of NOTIFY_URL', () => {
  const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
  let system: TestSystem;
  let receiver: Receiver;

  beforeAll(async () => {
    system = await startSystem();
    receiver = await new Receiver().start();
  });

  afterAll(async () => {
    await system.stop();
    await receiver.stop();
  });

  const endpoints = async (): Promise<readonly Item[]> => {
    const answer = await system.services[0].send('GET', '/admin/endpoints', { secretKey: SECRET_KEY });
    return answer.body['data'] as readonly Item[];
  };

  const withService = async (
    variables: Readonly<Record<string, string>>,
    run: (service: TestService) => Promise<void>,
  ): Promise<void> => {
    const port = String(await freePort());
    const service = await startService({ ...system.environment, ...variables, APP_PORT: port });
    try {
      await run(service);
    } finally {
      await service.stop();
    }
  };

  it('the variables make, change and delete one endpoint, and a new secret signs beside the previous one', async () => {
    const variables = { NOTIFY_URL: receiver.url, NOTIFY_SECRET: secretOf(1), NOTIFY_ALLOW_PRIVATE: 'on' };
    await withService(variables, async () => {
      await eventually(async () => {
        expect(await endpoints()).toEqual([
          expect.objectContaining({ url: receiver.url, is_from_environment: true, external_key: null }),
        ]);
      });
    });
    await withService({ ...variables, NOTIFY_SECRET: secretOf(2) }, async (service) => {
      await eventually(async () => {
        expect(await endpoints()).toEqual([
          expect.objectContaining({ previous_secret_expires_at: expect.any(String) as string }),
        ]);
      });
      const [{ id } = {}] = await endpoints();
      const path = `/admin/endpoints/${String(id)}`;
      const send = (method: string, to: string, body?: object): Promise<Answer> =>
        service.send(method, to, { secretKey: SECRET_KEY, ...(body === undefined ? {} : { body }) });
      expect((await send('POST', `${path}/test`)).body).toMatchObject({ delivered: true });
      const [sent] = receiver.received;
      expect([1, 2, 3].map((byte) => verifies(secretOf(byte), sent!.body, sent!.headers))).toEqual([
        true,
        true,
        false,
      ]);
      for (const refused of [
        await send('DELETE', path),
        await send('POST', `${path}/rotate-secret`),
        await send('PATCH', path, { url: receiver.url }),
      ])
        expect([refused.status, refused.body['code']]).toEqual([409, 'endpoint_set_by_environment']);
      expect((await send('PATCH', path, { enabled: false })).body).toMatchObject({ status: 'disabled' });
    });
    await withService({}, async () => {
      await eventually(async () => {
        expect(await endpoints()).toEqual([]);
      });
    });
  });
});
