import { type ChildProcess } from 'node:child_process';
import { type Load, loadRound, sendMeasured } from './support/load';
import { startServer, stopProgram } from './support/programs';
import { type BenchOptions, type BenchResult, compare, type Round } from './support/result';
import { createOrders, statusReads } from './support/status-orders';
import { startSystem } from './support/system';

const SECONDS = { quick: 0.3, full: 5 };
const WARM_UP_SECONDS = { quick: 0.5, full: 2 };

/**
 * Measures reads of orders' statuses at 64 connections, and the CPU time that the process itself needs for one: other
 * programs on the machine change the rate, but hardly that time. The floor is a Nest application on Fastify with one route that
 * runs one prepared SELECT, on the same rows. Every answer must be 200.
 */
export async function benchStatus({ quick }: BenchOptions): Promise<BenchResult[]> {
  const system = await startSystem({ countsRoundTrips: false });
  const { host, port, user, password, database } = system.database;
  const { child: floorProgram, origin: floorOrigin } = await startServer('bench/floors/status.js', {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
  });
  try {
    await createOrders(system);
    const size = quick ? 'quick' : 'full';
    const load = (origin: string, seconds: number): Load => statusReads(origin, system, seconds);
    for (const origin of [floorOrigin, system.url]) await loadRound(load(origin, WARM_UP_SECONDS[size]));
    const cpuRound = async (origin: string, { pid = 0 }: ChildProcess): Promise<Round> => ({
      figure: (await sendMeasured(load(origin, SECONDS[size]), pid)).microseconds,
    });
    return [
      await compare({
        name: 'status, 64 connections',
        unit: '/s',
        service: () => loadRound(load(system.url, SECONDS[size])),
        floor: () => loadRound(load(floorOrigin, SECONDS[size])),
      }),
      await compare({
        name: 'status, CPU of a request',
        unit: 'µs',
        service: () => cpuRound(system.url, system.service),
        floor: () => cpuRound(floorOrigin, floorProgram),
      }),
    ];
  } finally {
    await stopProgram(floorProgram);
    await system.stop();
  }
}
