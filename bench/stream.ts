import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { cpuMilliseconds } from './support/process-usage';
import { startServer, stopProgram } from './support/programs';
import { type BenchOptions, type BenchResult, compare, median, type Round } from './support/result';
import { StreamClients } from './support/stream-clients';
import { type BenchSystem, startSystem } from './support/system';

const CLIENTS = 2_000;
const ORDERS = 200;
const FIRST_ORDER = 1_900_000_001;
/** All orders change together so often in one round, and one order alone so often. */
const CHANGES = { quick: 3, full: 10 };
/** Time in which what a change leaves to do is done, so that it does not count for the next one. */
const PAUSE_MILLISECONDS = 50;
const STATUSES = ['autorizado', 'aprovado'];

/** One of the two programs that are compared. */
interface Subject {
  readonly clients: StreamClients;
  readonly pid: number;
  /** Gives these orders the next status in one transaction. Every call changes them. */
  readonly change: (orderIds: readonly number[]) => Promise<unknown>;
}

/**
 * Measures the time from a change of statuses to the last client's event, with 2,000 clients that watch 200 orders, and
 * the CPU time of an event. The clock starts before the statement that changes the orders is sent.
 */
export async function benchStream({ quick }: BenchOptions): Promise<BenchResult[]> {
  const system = await startSystem({ countsRoundTrips: false });
  const database = new Client(system.database);
  const { child: floorProgram, origin } = await startServer('bench/floors/stream.js', {
    PGHOST: system.database.host,
    PGPORT: String(system.database.port),
    PGUSER: system.database.user,
    PGPASSWORD: system.database.password,
    PGDATABASE: system.database.database,
  });
  const opened: StreamClients[] = [];
  try {
    await database.connect();
    await createOrders(database, system);
    const subject = async (
      url: string,
      pathOf: (order: number) => string,
      rest: Omit<Subject, 'clients'>,
    ): Promise<Subject> => {
      const paths = Array.from({ length: CLIENTS }, (_, client) => pathOf(FIRST_ORDER + (client % ORDERS)));
      const clients = await StreamClients.open(url, paths);
      opened.push(clients);
      return { clients, ...rest };
    };
    const service = await subject(system.url, (order) => `/checkout/${system.key}/status/${order}/stream`, {
      pid: system.service.pid ?? 0,
      change: changer(database, CHANGE_AT_SERVICE),
    });
    const floor = await subject(origin, (order) => `/stream/${order}`, {
      pid: floorProgram.pid ?? 0,
      change: changer(database, CHANGE_AT_FLOOR),
    });
    return await measure({ service, floor }, quick ? CHANGES.quick : CHANGES.full);
  } finally {
    for (const clients of opened) clients.close();
    await database.end();
    await stopProgram(floorProgram);
    await system.stop();
  }
}

const CHANGE_AT_SERVICE = 'UPDATE orders SET status = $2 WHERE appmax_order_id = ANY($1::int[])';
const CHANGE_AT_FLOOR = `
  WITH changed AS (
    UPDATE bench_stream_orders SET status = $2::text WHERE id = ANY($1::int[]) RETURNING id, status
  ) SELECT pg_notify('bench_stream', id || ' ' || status) FROM changed`;

/** Returns a function that runs a statement with each status in turn. */
function changer(database: Client, statement: string): Subject['change'] {
  let changes = 0;
  return (orderIds) => {
    changes += 1;
    return database.query(statement, [orderIds, STATUSES[changes % STATUSES.length]]);
  };
}

async function createOrders(database: Client, { key }: BenchSystem): Promise<void> {
  const orders = [FIRST_ORDER, FIRST_ORDER + ORDERS - 1];
  await database.query(
    `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
     SELECT i.id, 1, o FROM installations i, generate_series($2::int, $3::int) o WHERE i.external_key = $1`,
    [key, ...orders],
  );
  await database.query(
    "CREATE TABLE bench_stream_orders (id INT PRIMARY KEY, status TEXT NOT NULL DEFAULT '')",
  );
  await database.query(
    'INSERT INTO bench_stream_orders (id) SELECT generate_series($1::int, $2::int)',
    orders,
  );
}

async function measure(
  { service, floor }: Readonly<Record<'service' | 'floor', Subject>>,
  changes: number,
): Promise<BenchResult[]> {
  const all = Array.from({ length: ORDERS }, (_, index) => FIRST_ORDER + index);
  const cpu = { service: [] as number[], floor: [] as number[] };
  const allOrders = async (subject: Subject, cpuOfEvents: number[]): Promise<Round> => {
    const before = cpuMilliseconds(subject.pid);
    const round = await changeRound(subject, all, changes);
    cpuOfEvents.push(((cpuMilliseconds(subject.pid) - before) / (CLIENTS * changes)) * 1000);
    return round;
  };
  // The first changes compile the code of both programs.
  for (const subject of [service, floor]) await changeRound(subject, all, changes);
  const together = await compare({
    name: `stream: ${ORDERS} orders change, to the last of ${CLIENTS} events`,
    unit: 'ms',
    service: () => allOrders(service, cpu.service),
    floor: () => allOrders(floor, cpu.floor),
  });
  const one = await compare({
    name: `stream: one order changes, to the last of its ${CLIENTS / ORDERS} events`,
    unit: 'ms',
    service: () => changeRound(service, [FIRST_ORDER], changes),
    floor: () => changeRound(floor, [FIRST_ORDER], changes),
  });
  return [
    together,
    one,
    {
      name: 'stream: CPU of an event',
      unit: 'µs',
      service: median(cpu.service),
      floor: median(cpu.floor),
    },
  ];
}

/** Changes orders several times. @returns the median time to the last event, and the times to all events. */
async function changeRound(subject: Subject, orderIds: readonly number[], changes: number): Promise<Round> {
  const last: number[] = [];
  const durations: number[] = [];
  const events = (orderIds.length * CLIENTS) / ORDERS;
  for (let change = 0; change < changes; change += 1) {
    const times = await subject.clients.receive(events, () => subject.change(orderIds));
    last.push(times.at(-1) ?? NaN);
    durations.push(...times);
    await sleep(PAUSE_MILLISECONDS);
  }
  return { figure: median(last), durations };
}
