import { setTimeout as sleep } from 'node:timers/promises';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { type Reaction, Receiver } from './support/receiver';
import { freePort, stopChild } from './support/servers';
import { SECRET_KEY, type ServiceProcess, spawnService } from './support/service';

const ORDERS = campaign(500, 25);
const CHANGES_PER_ORDER = campaign(20, 6);
const CHANGES = ORDERS * CHANGES_PER_ORDER;
/** The numbers of notifications that the receiver has got, at which the first service is killed. */
const KILLS = campaign([500, 2_000, 4_000, 6_000, 8_000], [40]);
/** The number at which the receiver stops for a while. */
const RECEIVER_STOP = campaign(3_000, 80);
const RECEIVER_PAUSE_MILLISECONDS = campaign(5_000, 1_000);
/** The receiver's time for an answer that is slow, but in time. */
const SLOW_ANSWER_MILLISECONDS = 2_000;
/** The notifications to one endpoint that are sent at once: one killed process leaves at most as many without result. */
const SENT_AT_ONCE = 8;
const STATUSES = ['autorizado', 'aprovado', 'integrado', 'estornado', 'pendente'];

describe('Notifications while the receiver fails and the service is killed', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let services: ServiceProcess[];
  let environments: Record<string, string>[];

  beforeAll(async () => {
    database = await createDatabase();
    receiver = await new Receiver().start();
    const ports = [await freePort(), await freePort()];
    // Only the service that is killed delivers, so that each kill hits it while it is sending.
    environments = ports.map((port, index) => ({
      ...database.environment,
      NOTIFY_ALLOW_PRIVATE: 'on',
      BACKGROUND_WORK: index === 0 ? 'on' : 'off',
      APP_PORT: String(port),
    }));
    services = await Promise.all(environments.map((each) => spawnService(each)));
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', '1', 'x', 'y', gen_random_uuid())`,
    );
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
       SELECT i.id, 1, o FROM installations i, generate_series(1, $1::int) o`,
      [ORDERS],
    );
  }, 60_000);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await receiver.stop();
    await database.drop();
  });

  /** Changes all orders one after the other, again and again, in statements of one change each. */
  const makeChanges = async (): Promise<void> => {
    for (let change = 1; change <= CHANGES_PER_ORDER; change += 1)
      for (let order = 1; order <= ORDERS; order += 1)
        await database.query('UPDATE orders SET status = $2, total_cents = $3 WHERE appmax_order_id = $1', [
          order,
          STATUSES[(change - 1) % STATUSES.length],
          change,
        ]);
  };

  /** Shortens the pauses of minutes after failed attempts until the campaign is over. */
  const skipPauses = async (isRunning: () => boolean): Promise<void> => {
    while (isRunning()) {
      await database.query(
        "UPDATE notification_deliveries SET next_attempt_at = now(), attempts = 0 WHERE next_attempt_at > now() + interval '5 seconds'",
      );
      await sleep(500);
    }
  };

  it(
    'every change is delivered, order per order, with valid signatures and few duplicates',
    async () => {
      const made = await services[1]!.send('POST', '/admin/endpoints', {
        secretKey: SECRET_KEY,
        body: { url: receiver.url },
      });
      receiver.secret = made.body['secret'] as string;
      let lostAnswers = 0;
      let refusals = 0;
      let broken = 0;
      let slow = 0;
      const startedAt = performance.now();
      receiver.react = (): Reaction | Promise<Reaction> => {
        const chance = Math.random();
        if (chance < 0.03) {
          refusals += 1;
          return 503;
        }
        // Each takes the 10 s of an attempt.
        if (chance < 0.033) {
          lostAnswers += 1;
          return 'hang';
        }
        if (chance < 0.053) {
          broken += 1;
          return 'break';
        }
        if (chance < 0.073) {
          slow += 1;
          return sleep(SLOW_ANSWER_MILLISECONDS, 200);
        }
        return 200;
      };

      let isChanging = true;
      const changing = makeChanges().finally(() => (isChanging = false));
      const pauses = skipPauses(() => isChanging || open > 0);
      let open = CHANGES;
      let kills = 0;
      let hasStopped = false;
      await eventually(
        async () => {
          if (kills < KILLS.length && receiver.received.length >= KILLS[kills]!) {
            kills += 1;
            await stopChild(services[0]!.child, 'SIGKILL');
            services[0] = await spawnService(environments[0]!);
          }
          if (!hasStopped && receiver.received.length >= RECEIVER_STOP) {
            hasStopped = true;
            await receiver.stop();
            await sleep(RECEIVER_PAUSE_MILLISECONDS);
            await receiver.start();
          }
          const [row] = await database.query<{ open: number; made: number }>(
            `SELECT count(*) FILTER (WHERE delivered_at IS NULL)::int AS open, count(*)::int AS made
         FROM notification_deliveries`,
          );
          open = row!.open;
          expect([row!.made, open]).toEqual([CHANGES, 0]);
        },
        campaign(900, 150),
      );
      await Promise.all([changing, pauses]);

      expect([kills, hasStopped]).toEqual([KILLS.length, true]);
      expect(receiver.invalidSignatures).toBe(0);
      const firsts = new Map<string, number[]>();
      const seen = new Set<string>();
      for (const { id, data } of receiver.received) {
        if (seen.has(id)) continue;
        seen.add(id);
        const order = String(data['order_id']);
        firsts.set(order, [...(firsts.get(order) ?? []), data['total_cents'] as number]);
      }
      expect(seen.size).toBe(CHANGES);
      // Each change carries its number as the order's total.
      const expected = Array.from({ length: CHANGES_PER_ORDER }, (_, index) => index + 1);
      for (const order of firsts.values()) expect(order).toEqual(expected);
      const duplicates = receiver.received.length - CHANGES;
      const allowed = refusals + lostAnswers + (KILLS.length + 1) * SENT_AT_ONCE;
      process.stdout.write(
        `${CHANGES} changes, ${kills} kills, ${((performance.now() - startedAt) / 1000).toFixed(0)} s: ` +
          `${receiver.received.length} received, ${duplicates} repeated (${refusals} refused, ${lostAnswers} without answer), ` +
          `${broken} connections broken, ${slow} answered slowly, ${receiver.invalidSignatures} invalid signatures\n`,
      );
      expect(duplicates).toBeGreaterThanOrEqual(refusals + lostAnswers);
      expect(duplicates).toBeLessThanOrEqual(allowed);
    },
    campaign(960_000, 170_000),
  );
});
