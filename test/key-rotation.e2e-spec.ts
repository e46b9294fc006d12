import { randomBytes, randomUUID } from 'node:crypto';
import { SimulatorControl } from '../simulator/control-client';
import { Sealer } from '../src/common/secrets/sealer';
import { sealCredentials } from '../src/installations/credentials/credential-seals';
import { runCommand, startCommand } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { freePort } from './support/servers';
import { SECRET_KEY, startService } from './support/service';
import { CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator } from './support/simulator';

const [oldKey, newKey, lostKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const sealerOf = (current: Buffer): Sealer => new Sealer({ current, previous: [] });
const text = (key: Buffer): string => key.toString('base64');
const ROTATED = { APP_KEY: text(newKey), APP_KEY_PREVIOUS: text(oldKey) };

/** Inserts installations that are sealed by a key, or not sealed. */
async function fill(database: TestDatabase, count: number, sealer?: Sealer): Promise<string[]> {
  const keys = Array.from({ length: count }, () => randomUUID());
  const credentials = { clientId: 'a-client', clientSecret: 'a-secret' };
  const stored = keys.map((key) =>
    sealer === undefined
      ? { merchantClientId: 'a-client', merchantClientSecret: 'a-secret' }
      : sealCredentials(sealer, key, credentials),
  );
  await database.query(
    `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
     SELECT key, 'app', id, secret, gen_random_uuid() FROM unnest($1::text[], $2::text[], $3::text[]) AS v (key, id, secret)`,
    [
      keys,
      stored.map(({ merchantClientId }) => merchantClientId),
      stored.map(({ merchantClientSecret }) => merchantClientSecret),
    ],
  );
  return keys;
}

async function sealedBy(database: TestDatabase, key: Buffer): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM installations
     WHERE starts_with(merchant_client_id, $1) AND starts_with(merchant_client_secret, $1)`,
    [sealerOf(key).prefix],
  );
  return row!.count;
}

describe('keys:rotate', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase();
  });

  afterEach(() => database.drop());

  it('the command seals all rows by the new key, and a second run has nothing to do', async () => {
    await fill(database, 2_500, sealerOf(oldKey));
    await fill(database, 500);
    const before = await database.query('SELECT external_id FROM installations ORDER BY id');
    expect(await runCommand('rotate-keys', [], { ...database.environment, ...ROTATED })).toEqual({
      code: 0,
      output: [
        '3000 of 3000 installations',
        `installations: 3000 sealed by the key ${sealerOf(newKey).keyId}, 0 were already`,
        `checkout sessions: 0 sealed by the key ${sealerOf(newKey).keyId}, 0 were already`,
        `notification endpoints: 0 sealed by the key ${sealerOf(newKey).keyId}, 0 were already`,
        '',
      ].join('\n'),
    });
    expect(await sealedBy(database, newKey)).toBe(3_000);
    expect(await database.query('SELECT external_id FROM installations ORDER BY id')).toEqual(before);
    const again = await runCommand('rotate-keys', ['--json'], { ...database.environment, ...ROTATED });
    expect([again.code, JSON.parse(again.output)]).toEqual([
      0,
      {
        ok: true,
        key_id: sealerOf(newKey).keyId,
        installations: { sealed: 0, already: 3_000 },
        checkout_sessions: { sealed: 0, already: 0 },
        notification_endpoints: { sealed: 0, already: 0 },
        installations_left: 0,
      },
    ]);
  });

  it('a run that was stopped can be continued', async () => {
    await fill(database, 1_000, sealerOf(oldKey));
    // A lock on one row blocks the second batch.
    await database.query('BEGIN');
    await database.query(
      'SELECT 1 FROM installations WHERE id = (SELECT min(id) + 300 FROM installations) FOR UPDATE',
    );
    const command = startCommand('rotate-keys', [], { ...database.environment, ...ROTATED });
    await eventually(async () => {
      expect(await sealedBy(database, newKey)).toBe(200);
    });
    command.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await database.query('COMMIT');
    expect(await command.ended).toEqual({
      code: 130,
      output: expect.stringContaining('Stopped; 600 are left') as string,
    });
    expect(await sealedBy(database, newKey)).toBe(400);
    const again = await runCommand('rotate-keys', [], { ...database.environment, ...ROTATED });
    expect(again.code).toBe(0);
    expect(await sealedBy(database, newKey)).toBe(1_000);
  });

  it('the command seals the rows that it can open, and prints the id of the missing key', async () => {
    await fill(database, 30, sealerOf(lostKey));
    await fill(database, 300, sealerOf(oldKey));
    await database.query(
      `UPDATE installations SET external_key = 'moved' WHERE id = (SELECT max(id) FROM installations)`,
    );
    const { code, output } = await runCommand('rotate-keys', [], { ...database.environment, ...ROTATED });
    expect(code).toBe(1);
    expect(output).toContain(
      `30 not sealed: sealed by the key ${sealerOf(lostKey).keyId}, which is neither APP_KEY nor one of APP_KEY_PREVIOUS`,
    );
    expect(output).toContain('and 10 more)');
    expect(output).toContain('1 not sealed: sealed for another place, or damaged');
    expect(output).not.toMatch(/ at |a-secret|a-client/);
    expect(await sealedBy(database, newKey)).toBe(299);
    const { code: fixed } = await runCommand('rotate-keys', [], {
      ...database.environment,
      APP_KEY: text(newKey),
      APP_KEY_PREVIOUS: [oldKey, lostKey].map(text).join(),
    });
    expect(fixed).toBe(1);
    expect(await sealedBy(database, newKey)).toBe(329);
  });

  it('the command seals the personal data of checkout sessions, and counts those that no key opens', async () => {
    await fill(database, 1, sealerOf(oldKey));
    const plain = '{"email":"marina@example.com"}';
    for (const [id, key] of [
      ['cs_old', oldKey],
      ['cs_lost', lostKey],
    ] as const)
      await database.query(
        `INSERT INTO checkout_sessions (public_id, installation_id, request_digest, items, products_cents, shipping_cents,
           discount_cents, total_cents, methods, max_installments, customer, shopper, expires_at)
         SELECT $1::varchar, id, repeat('0', 64), '[]'::jsonb, 100, 0, 0, 100, ARRAY['pix'], 1, $2::text, $3::text, now()
         FROM installations`,
        [
          id,
          sealerOf(key).seal(plain, ['checkout_sessions', 'customer', id]),
          sealerOf(key).seal(plain, ['checkout_sessions', 'shopper', id]),
        ],
      );
    const { code, output } = await runCommand('rotate-keys', [], { ...database.environment, ...ROTATED });
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('No known key opens the personal data of 1 checkout sessions') as string,
    ]);
    const [row] = await database.query<{ customer: string; shopper: string }>(
      "SELECT customer, shopper FROM checkout_sessions WHERE public_id = 'cs_old'",
    );
    for (const column of ['customer', 'shopper'] as const)
      expect(sealerOf(newKey).tryOpen(row![column], ['checkout_sessions', column, 'cs_old'])).toBe(plain);
  });

  it('the command seals the secrets of notification endpoints, and names those that no key opens', async () => {
    const secret = 'whsec_c2VjcmV0';
    const context = (id: number): string[] => ['notification_endpoints', 'secret', String(id)];
    for (const [id, key] of [
      [1, oldKey],
      [2, lostKey],
    ] as const)
      await database.query('INSERT INTO notification_endpoints (id, url, secret) VALUES ($1, $2, $3)', [
        id,
        'https://shop.example.com/hook',
        sealerOf(key).seal(secret, context(id)),
      ]);
    const { code, output } = await runCommand('rotate-keys', [], { ...database.environment, ...ROTATED });
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('No key opens the secrets of the notification endpoints 2:') as string,
    ]);
    const [row] = await database.query<{ secret: string }>(
      'SELECT secret FROM notification_endpoints WHERE id = 1',
    );
    expect(sealerOf(newKey).tryOpen(row!.secret, context(1))).toBe(secret);
  });
});

describe('A key rotation under load', () => {
  it('no request fails while the key is rotated', async () => {
    const [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    await new SimulatorControl(simulator.url).change({ rate_limits: false, webhooks: false });
    const base = {
      ...database.environment,
      ...simulator.environment,
      APPMAX_RATE_BURST: '100000',
      APPMAX_RATE_PER_SECOND: '100000',
    };
    // As in a rollout: one instance already seals by the new key, and both can open both.
    const services = [
      await startService({ ...base, APP_KEY: text(oldKey), APP_KEY_PREVIOUS: text(newKey) }),
      await startService({ ...base, ...ROTATED, APP_PORT: String(await freePort()) }),
    ] as const;
    const shops = ['shop-1', 'shop-2', 'shop-3'];
    for (const shop of shops) await install(services[0], simulator, shop);
    await fill(database, 4_000, sealerOf(oldKey));

    const statuses: Record<string, number> = {};
    let going = true;
    const load = async (first: number): Promise<void> => {
      for (let index = first; going; index += 1) {
        const service = services[index % 2]!;
        const shop = shops[index % shops.length]!;
        const answer =
          index % 3 === 0
            ? await service.send('GET', `/installations/${shop}/merchant/token`, { secretKey: SECRET_KEY })
            : index % 3 === 1
              ? await service.send('POST', `/checkout/${shop}/order`, {
                  body: { customer: CUSTOMER, order: ORDER },
                  headers: { 'idempotency-key': randomUUID() },
                })
              : await service.send('GET', `/checkout/${shop}/installments?total_value=10000`);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      }
    };
    try {
      const workers = Promise.all(Array.from({ length: 8 }, (_, first) => load(first)));
      const rotation = await runCommand('rotate-keys', [], { ...database.environment, ...ROTATED });
      going = false;
      await workers;
      expect(rotation).toMatchObject({ code: 0 });
      expect(Object.keys(statuses)).toEqual(['200']);
      expect(statuses['200']).toBeGreaterThan(50);
      expect(await sealedBy(database, newKey)).toBe(4_003);
    } finally {
      going = false;
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all([simulator.stop(), database.drop()]);
    }
  });
});
