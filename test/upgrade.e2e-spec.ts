import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorControl } from '../simulator/control-client';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { migrate } from '../src/database/migrate';
import { catalogueOf } from './support/catalogue';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import {
  buildPreviousRelease,
  hasPreviousCommit,
  PREVIOUS_COMMIT,
  type PreviousRelease,
  UNUSED,
} from './support/previous-release';
import { freePort } from './support/servers';
import {
  baseEnvironment,
  SECRET_KEY,
  type ServiceProcess,
  spawnService,
  startService,
  type TestService,
} from './support/service';
import { cardPayment, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const isAvailable = hasPreviousCommit();
if (!isAvailable)
  process.stderr.write(
    `The upgrade test is skipped: this clone lacks the commit ${PREVIOUS_COMMIT} of the previous release. ` +
      'Fetch it: git fetch --unshallow\n',
  );

interface Column {
  readonly type: string;
  readonly isRequired: boolean;
  readonly hasDefault: boolean;
}

/** Reads the columns of a catalogue, by table and column. */
function columnsOf(catalogue: readonly string[]): Map<string, Column> {
  return new Map(
    catalogue.flatMap((line) => {
      const [, name = '', type = '', required, fallback = ''] =
        /^column (\S+) (.+?) ([tf]) (.*)$/s.exec(line) ?? [];
      return name === '' ? [] : [[name, { type, isRequired: required === 't', hasDefault: fallback !== '' }]];
    }),
  );
}

const tableOf = (column: string): string => column.split('.')[0] ?? '';

/** Lists the changes of a schema that the previous release may not survive. */
function breakingChanges(before: readonly string[], after: readonly string[]): string[] {
  const [old, current] = [columnsOf(before), columnsOf(after)];
  const oldTables = new Set([...old.keys()].map(tableOf));
  const removed = [...old.keys()].filter(
    (name) => !current.has(name) && !UNUSED.includes(name) && !UNUSED.includes(tableOf(name)),
  );
  const changed = [...old].filter(([name, { type, isRequired }]) => {
    const now = current.get(name);
    return now !== undefined && (now.type !== type || (now.isRequired && !isRequired));
  });
  const required = [...current].filter(
    ([name, { isRequired, hasDefault }]) =>
      !old.has(name) && oldTables.has(tableOf(name)) && isRequired && !hasDefault,
  );
  return [
    ...removed.map((name) => `${name} is removed`),
    ...changed.map(([name]) => `${name} has another type, or may no longer be null`),
    ...required.map(([name]) => `${name} is new and required, without a default`),
  ];
}

describe('breakingChanges', () => {
  const before = ['column orders.id bigint t nextval()', 'column orders.note text f '];

  it.each([
    [['column orders.id bigint t nextval()'], 'orders.note is removed'],
    [[before[0]!, 'column orders.note text t '], 'orders.note has another type, or may no longer be null'],
    [[before[0]!, 'column orders.note json f '], 'orders.note has another type, or may no longer be null'],
    [[...before, 'column orders.tax integer t '], 'orders.tax is new and required, without a default'],
  ])('a breaking change is found: %j', (after, expected) => {
    expect(breakingChanges(before, after)).toEqual([expected]);
  });

  it('new tables, optional columns and columns with a default break nothing', () => {
    const after = [
      ...before,
      'column orders.tax integer t 0',
      'column orders.a text f ',
      'column new.id bigint t ',
    ];
    expect(breakingChanges(before, after)).toEqual([]);
  });
});

(isAvailable ? describe : describe.skip)('An upgrade from the previous release', () => {
  let release: PreviousRelease;
  let simulator: TestSimulator;
  let database: TestDatabase;
  let old: ServiceProcess;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [release, simulator, database] = await Promise.all([
      buildPreviousRelease(),
      startSimulator(),
      createDatabase({ migrated: false }),
    ]);
    await new SimulatorControl(simulator.url).change({ rate_limits: false });
    environment = {
      ...database.environment,
      ...simulator.environment,
      APPMAX_RATE_BURST: '100000',
      APPMAX_RATE_PER_SECOND: '100000',
      LOG_LEVEL: 'error',
    };
    old = await spawnService({ ...environment, RUN_MIGRATIONS: 'true' }, undefined, release.directory);
    await install(old, simulator, 'shop');
  }, 120_000);

  afterAll(async () => {
    await old.stop();
    await Promise.all([simulator.stop(), database.drop()]);
    release.remove();
  });

  /** Makes an order and pays it by card. @returns the order's id at Appmax. */
  const sell = async (service: TestService, payer = service): Promise<number> => {
    const order = await service.send('POST', '/checkout/shop/order', {
      body: { customer: CUSTOMER, order: ORDER },
    });
    expect(order.status).toBe(200);
    const orderId = order.body['order_id'] as number;
    const paid = await payer.send('POST', '/checkout/shop/pay/credit-card', {
      body: { order_id: orderId, payment: cardPayment() },
    });
    expect([paid.status, paid.text]).toEqual([200, expect.anything()]);
    return orderId;
  };

  /** Uses what merchants, shoppers and operators use. */
  const use = async (service: TestService): Promise<void> => {
    const orderId = await sell(service);
    const pix = await service.send('POST', '/checkout/shop/order', {
      body: { customer: CUSTOMER, order: ORDER },
    });
    const pixId = pix.body['order_id'] as number;
    const code = await service.send('POST', '/checkout/shop/pay/pix', {
      body: { order_id: pixId, document_number: CUSTOMER.document_number },
    });
    expect(code.status).toBe(200);
    await new SimulatorControl(simulator.url).act(pixId, 'pay');
    await eventually(async () => {
      const status = await service.send('GET', `/checkout/shop/status/${pixId}`);
      expect(status.body['status']).toBe('aprovado');
    });
    const refund = await service.send('POST', '/checkout/shop/refund', {
      body: { order_id: orderId, type: 'total' },
      secretKey: SECRET_KEY,
    });
    expect([refund.status, refund.text]).toEqual([200, expect.anything()]);
    const session = await service.send('POST', '/checkout/shop/sessions', {
      body: { items: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 1000 }] },
      secretKey: SECRET_KEY,
    });
    expect([session.status, session.text]).toEqual([200, expect.anything()]);
    for (const path of [
      '/admin/orders',
      `/admin/orders/${orderId}/timeline`,
      '/admin/operations',
      '/admin/webhook-events',
      '/admin/notifications',
      '/admin/endpoints',
      '/admin/overview',
      '/admin/stats',
      '/admin/shops',
      '/admin/installations',
      '/admin/keys',
      '/admin/audit',
    ]) {
      const answer = await service.send('GET', path, { secretKey: SECRET_KEY });
      expect([path, answer.status]).toEqual([path, 200]);
    }
    expect((await service.send('GET', '/health/ready')).status).toBe(200);
  };

  it('the previous release sells while the schema is migrated, and works beside this one afterwards', async () => {
    const before = await catalogueOf(database);
    const progress = { isMigrated: false };
    const traffic = (async () => {
      let sold = 0;
      while (!progress.isMigrated || sold < 4) {
        await sell(old);
        sold += 1;
        await sleep(20);
      }
      return sold;
    })();
    await migrate(dataSourceOptions(parseConfig({ ...baseEnvironment(), ...environment }).database));
    progress.isMigrated = true;
    expect(await traffic).toBeGreaterThanOrEqual(4);
    expect(breakingChanges(before, await catalogueOf(database))).toEqual([]);

    await use(old);
    const current = await startService({ ...environment, APP_PORT: String(await freePort()) });
    try {
      await use(current);
      await use(old);
      // An order of one release is paid through the other.
      await sell(old, current);
      await sell(current, old);
    } finally {
      await current.stop();
    }
    // LOG_LEVEL=error: a statement that fails in the background would be logged.
    expect(old.output()).toBe('');
  }, 120_000);
});
