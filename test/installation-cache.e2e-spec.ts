import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { startService, type TestService } from './support/service';

/** Shorter than the 5 s for which an instance keeps a merchant if it hears of no change. */
const HEARD_SECONDS = 3;

describe('Merchants in memory, on two services with one database', () => {
  let database: TestDatabase;
  let services: TestService[];

  beforeAll(async () => {
    database = await createDatabase();
    services = await Promise.all([1, 2].map(() => startService(database.environment)));
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const insert = async (key: string): Promise<string> => {
    const externalId = randomUUID();
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ($1, 'app', 'id', 'secret', $2)`,
      [key, externalId],
    );
    return externalId;
  };

  /** Returns what each service answers for a shop: its external_id, or the status of a refusal. */
  const answers = (key: string): Promise<unknown[]> =>
    Promise.all(
      services.map(async (service) => {
        const { status, body } = await service.send('GET', `/checkout/${key}/config`);
        return status === 200 ? body['external_id'] : status;
      }),
    );

  /** Changes a row without its triggers, so that no service hears of it. */
  const changeSilently = async (key: string, externalId: string): Promise<void> => {
    await database.query('SET session_replication_role = replica');
    await database.query('UPDATE installations SET external_id = $2 WHERE external_key = $1', [
      key,
      externalId,
    ]);
    await database.query('SET session_replication_role = DEFAULT');
  };

  /** Reads a shop until both services keep it: rows with plain credentials are sealed first, which is a change. */
  const warmUp = async (key: string): Promise<void> => {
    const externalId = (await answers(key))[0] as string;
    await eventually(async () => {
      const other = randomUUID();
      await answers(key);
      await changeSilently(key, other);
      const kept = await answers(key);
      await changeSilently(key, externalId);
      expect(kept).toEqual([externalId, externalId]);
    });
  };

  it('a change of an installation drops it on every instance', async () => {
    await insert('changed');
    await warmUp('changed');
    const next = randomUUID();
    await database.query("UPDATE installations SET external_id = $1 WHERE external_key = 'changed'", [next]);
    // An instance that hears nothing would answer the old value for 5 s.
    await eventually(async () => {
      expect(await answers('changed')).toEqual([next, next]);
    }, HEARD_SECONDS);
  });

  it('a deleted installation is unknown on every instance, and one that is made anew works', async () => {
    await insert('deleted');
    await warmUp('deleted');
    await database.query("DELETE FROM installations WHERE external_key = 'deleted'");
    await eventually(async () => {
      expect(await answers('deleted')).toEqual([404, 404]);
    }, HEARD_SECONDS);
    const externalId = await insert('deleted');
    expect(await answers('deleted')).toEqual([externalId, externalId]);
  });

  it('the status of an order needs neither credentials nor what is kept', async () => {
    await insert('unreadable');
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status)
       SELECT id, 1, 1773760001, 'autorizado' FROM installations WHERE external_key = 'unreadable'`,
    );
    await database.query(
      "UPDATE installations SET merchant_client_id = 's1.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', merchant_client_secret = 's1.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE external_key = 'unreadable'",
    );
    const path = '/checkout/unreadable/status/1773760001';
    expect((await services[0]!.send('GET', path)).body).toEqual({ status: 'autorizado' });
    await database.query("UPDATE orders SET status = 'aprovado' WHERE appmax_order_id = 1773760001");
    expect((await services[0]!.send('GET', path)).body).toEqual({ status: 'aprovado' });
  });

  it('unknown installations, invalid ids and unknown orders are told apart, in this order', async () => {
    await insert('known');
    await insert('owner');
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
       SELECT id, 1, 1773760002 FROM installations WHERE external_key = 'owner'`,
    );
    const refusals = await Promise.all(
      [
        'nobody/status/1',
        'nobody/status/x',
        'a%00b/status/1',
        'known/status/x',
        'known/status/1773760002',
      ].map(async (path) => {
        const { status, body } = await services[0]!.send('GET', `/checkout/${path}`);
        return [status, body['message']];
      }),
    );
    expect(refusals).toEqual([
      [404, 'installation not found'],
      [404, 'installation not found'],
      [404, 'installation not found'],
      [400, 'invalid order_id'],
      [404, 'order not found'],
    ]);
  });
});
