import { randomBytes } from 'node:crypto';
import { SimulatorControl } from '../simulator/control-client';
import { CanaryCaller } from './canary/caller';
import {
  APPROVED,
  type Canary,
  CARDS,
  CPF,
  CVV,
  found,
  HELD,
  OF_CARDS,
  OF_SHOPPERS,
  PLAIN_DIGESTS,
  secretText,
  SHOPPER,
} from './canary/canaries';
import { SessionShopping } from './canary/session-shopping';
import { Shopping } from './canary/shopping';
import { entriesOf, rowsOf, type Written } from './canary/written';
import { MATRIX } from './support/access-matrix';
import { runCommand } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { connectToRedis } from './support/redis';
import { baseEnvironment, type ServiceProcess, spawnService } from './support/service';
import { consent } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const SHOP = 'canary-shop';
const WEBHOOK_TOKEN = 'webhook-canary-5e1d0c9b';
const CALLBACK = '/integrations/appmax/callback/install';

/** An approved and a declined card, without the slow ones. */
const FEW = CARDS.slice(0, 2);

/** An error message of Appmax that repeats the request's data, as gateways do. */
const REPEATED = `The card ${APPROVED} (cvv ${CVV}) of ${SHOPPER.email}, ${CPF}, ${SHOPPER.phone} was not accepted`;
const ALWAYS = { route: '/v1/*', times: null, message: REPEATED };
const FAULTS = [
  { ...ALWAYS, kind: 'status', status: 400 },
  { ...ALWAYS, kind: 'status', status: 422, form: 'errors_fields' },
  { ...ALWAYS, kind: 'success_false' },
  { kind: 'status', status: 200, route: 'POST /v1/orders/upsell', body: { data: { message: REPEATED } } },
  { kind: 'truncate', route: 'POST /v1/payments/*', when: 'after', times: 2 },
  { kind: 'status', status: 401, route: 'POST /oauth2/token', times: 8 },
  // The last one, because it may open the circuit. Then no call reaches Appmax for a while.
  { ...ALWAYS, kind: 'status', status: 500 },
] as const;

const takesBodies = (route: string): boolean => route.startsWith('POST');

describe('Known secrets, through every route and job, in success and in failure', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let environment: Record<string, string>;
  let service: ServiceProcess;
  let caller: CanaryCaller;
  let shopping: Shopping;
  let sessions: SessionShopping;
  /** The secrets of the service, its merchants and its operators, which must not be found anywhere. */
  const held: Canary[] = [];
  /** The output of the commands. */
  const outputs: Written[] = [];

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    await control.change({ rate_limits: false, app_store_envelope: true, customer_webhooks: true });
    environment = {
      ...database.environment,
      ...simulator.environment,
      APP_KEY: newKey(),
      LOG_LEVEL: 'trace',
      WEBHOOK_TOKEN,
      NOTIFY_ALLOW_PRIVATE: 'on',
      APPMAX_TIMEOUT: '2',
      APPMAX_CARD_TIMEOUT: '2',
      APPMAX_RATE_BURST: '10000',
      PAYMENT_SETTLE_SECONDS: '5',
      APPMAX_ORDER_READ_INTERVAL: '0',
      APPMAX_BACKGROUND_PER_SECOND: '100',
    };
    const redis = await connectToRedis();
    await redis.flushDb();
    await redis.disconnect();
    service = await spawnService(environment);
    caller = new CanaryCaller(service.url, SHOP);
    shopping = new Shopping(caller, held, WEBHOOK_TOKEN);
    sessions = new SessionShopping(caller, held);
    const settings: Readonly<Record<string, string>> = { ...baseEnvironment(), ...environment };
    for (const name of HELD) held.push(secretText(name, settings[name]!));
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  /** Creates a key that must not be found either. */
  const newKey = (): string => {
    const key = randomBytes(32).toString('base64');
    held.push(secretText('a key', key));
    return key;
  };

  /** Installs the shop by both paths and records the secrets that result. */
  const installShop = async (): Promise<void> => {
    const query = { app_id: simulator.appIdUuid, external_key: SHOP };
    await caller.call('GET /install/start', { query });
    const callback = new URL(await consent(service, simulator, SHOP), service.url);
    const token = callback.searchParams.get('token')!;
    held.push(secretText('an installation hash', token));
    await caller.call(`GET ${CALLBACK}`, { query: { token } });
    const except: Canary[] = [];
    const { body } = await caller.call('GET /installations/:key/merchant/token', { except });
    const { merchant_client_id, merchant_client_secret, merchant_bearer_token } = body as Record<
      string,
      string
    >;
    except.push(secretText("a merchant's secret", merchant_client_secret!));
    except.push(secretText("a merchant's token", merchant_bearer_token!));
    held.push(...except);
    const ids = { app_id: simulator.appIdNumeric, external_key: SHOP, client_key: SHOP };
    for (const secret of [merchant_client_secret!, WEBHOOK_TOKEN]) {
      const credentials = { merchant_client_id, merchant_client_secret: secret };
      await caller.call(`POST ${CALLBACK}`, { body: { ...ids, ...credentials } });
    }
    await control.changeMerchant(SHOP, {
      webhook_url: `${service.url}/webhooks/appmax?token=${WEBHOOK_TOKEN}`,
    });
    const event = { event: 'CustomerInterested', data: { id: 1, ...SHOPPER } };
    await caller.call('POST /webhooks/appmax', { query: { token: WEBHOOK_TOKEN }, body: event });
  };

  /** Calls every route, in both generations of Appmax's answers and under each fault. */
  const useAllRoutes = async (): Promise<void> => {
    for (const api of ['g1', 'g2'] as const) {
      await control.changeMerchant(SHOP, { api });
      await shopping.useEveryRoute(api === 'g1' ? CARDS : FEW);
      await sessions.useEveryRoute();
    }
    for (const fault of FAULTS) {
      const { id } = await control.addFault(fault);
      if (fault.route === 'POST /oauth2/token') await control.revokeTokens(SHOP);
      await shopping.useEveryRoute(FEW);
      await sessions.useEveryRoute();
      const { hits } = (await control.faults()).find((each) => each.id === id)!;
      expect({ fault, hit: hits > 0 }).toEqual({ fault, hit: true });
      await control.removeFault(id);
    }
    await control.clearFaults();
    await shopping.sendNonsense(Object.keys(MATRIX));
    await eventually(async () => {
      const waiting = await database.query(
        `SELECT 1 FROM operations WHERE state IN ('prepared', 'sent') OR (state = 'unknown' AND kind = 'credit_card')`,
      );
      expect(waiting).toEqual([]);
    });
    await control.drainWebhooks();
  };

  /** Runs the operators' commands, with success and with failures. */
  const runCommands = async (): Promise<void> => {
    const { APP_KEY: old = '', ...others } = environment;
    const rotated = { ...others, APP_KEY: newKey(), APP_KEY_PREVIOUS: old };
    const run = async (
      name: string,
      args: string[],
      variables: Record<string, string>,
    ): Promise<number | null> => {
      const { code, output } = await runCommand(name, args, variables);
      outputs.push({ where: `the output of ${name}`, text: output });
      return code;
    };
    expect(await run('rotate-keys', [], { ...others, APP_KEY: newKey() })).toBe(1);
    expect(await run('rotate-keys', [], rotated)).toBe(0);
    expect(await run('create-key', ['--name', 'x', '--scopes', 'all'], rotated)).toBe(2);
    expect(await run('list-keys', [], rotated)).toBe(0);
    expect(await run('revoke-key', ['--id', '1'], rotated)).toBe(0);
    expect(await run('replay-webhooks', ['--since', '1h'], rotated)).toBe(0);
    expect(await run('reconcile-orders', [], rotated)).toBe(0);
    await control.addFault({ ...ALWAYS, kind: 'status', status: 400 });
    await run('reconcile-orders', ['--json'], rotated);
    expect(await run('doctor', [], rotated)).toBe(1);
  };

  it('known secrets are in no answer, page, metric, log line, table or cache, except as documented', async () => {
    await installShop();
    await useAllRoutes();
    await service.stop();
    await runCommands();
    const routes = Object.keys(MATRIX);
    expect([...caller.succeeded]).toEqual(expect.arrayContaining(routes));
    expect([...caller.failed]).toEqual(expect.arrayContaining(routes.filter(takesBodies)));
    expect(service.output().length).toBeGreaterThan(10_000);
    expect(await leaks()).toEqual([]);
  }, 240_000);

  /** The hashes of the keys of the database, which may be only in their own column. */
  const keyHashes = async (): Promise<Canary[]> => {
    const rows = await database.query<{ key_hash: string }>('SELECT key_hash FROM access_keys');
    expect(rows.length).toBeGreaterThan(0);
    return rows.map((row) => secretText("a key's hash", row.key_hash));
  };

  const leaks = async (): Promise<string[]> => {
    const all = [...held, ...OF_CARDS, ...OF_SHOPPERS, PLAIN_DIGESTS, ...(await keyHashes())];
    const rows = await rowsOf(database);
    // Proves that webhooks came and that the search works.
    const payloads = rows.map(({ payload }) => payload).join('\n');
    expect(found(payloads, OF_SHOPPERS, 'payloads').length).toBeGreaterThan(2);
    const redis = await connectToRedis();
    const entries = await entriesOf(redis);
    await redis.disconnect();
    expect(entries.length).toBeGreaterThan(0);
    const log = service
      .output()
      .split('\n')
      .map((text) => ({ where: 'the log', text }));
    return [
      ...[...log, ...outputs, ...entries, ...rows].flatMap(({ where, text }) => found(text, all, where)),
      // Payloads are kept as Appmax sent them, with shoppers' data, but no card and no secret of ours.
      ...rows.flatMap(({ where, payload }) =>
        found(payload, [...held, ...OF_CARDS], `a payload in ${where}`),
      ),
      ...caller.answers.flatMap(({ route, text, except }) =>
        found(
          text,
          all.filter((canary) => !except.includes(canary)),
          `the answer of ${route}`,
        ),
      ),
    ];
  };
});
