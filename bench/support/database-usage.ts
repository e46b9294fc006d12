import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { cpuMilliseconds, parentOf, proportionalMegabytes } from './process-usage';
import type { BenchDatabase } from './system';

/** The connections of the service to PostgreSQL during a measurement. */
export interface Connections {
  /** The maximum number of open ones. */
  readonly open: number;
  /** The maximum number of those that were inside of a statement or a transaction at the same time. */
  readonly atWork: number;
}

const SAMPLE_MILLISECONDS = 20;

/** Observes a PostgreSQL on this machine: its processes, and the connections of others to it. */
export class DatabaseUsage {
  private constructor(
    private readonly client: Client,
    /** The id of the server's first process, whose children are the others. */
    private readonly serverPid: number,
  ) {}

  static async start(database: BenchDatabase): Promise<DatabaseUsage> {
    const client = new Client(database);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new DatabaseUsage(client, parentOf(rows[0]?.pid ?? 0));
  }

  /** Returns the CPU time of all of its processes in milliseconds, also of those that have ended. */
  cpuMilliseconds(): number {
    return this.pids().reduce(
      (sum, pid) => sum + (cpuMilliseconds(pid, pid === this.serverPid ? 'with ended children' : 'own') || 0),
      0,
    );
  }

  /** Returns the resident memory of all of its processes in megabytes; what they share is counted once. */
  megabytes(): number {
    return this.pids().reduce((sum, pid) => sum + (proportionalMegabytes(pid) || 0), 0);
  }

  /** Observes the connections of others while the work runs. */
  async during(work: () => Promise<unknown>): Promise<Connections> {
    let [open, atWork, isOver] = [0, 0, false];
    const observe = async (): Promise<void> => {
      while (!isOver) {
        const { rows } = await this.client.query<Connections>(
          `SELECT count(*)::int AS open, count(*) FILTER (WHERE state <> 'idle')::int AS "atWork"
           FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
        open = Math.max(open, rows[0]?.open ?? 0);
        atWork = Math.max(atWork, rows[0]?.atWork ?? 0);
        await sleep(SAMPLE_MILLISECONDS);
      }
    };
    const observing = observe();
    try {
      await work();
    } finally {
      isOver = true;
      await observing;
    }
    return { open, atWork };
  }

  stop(): Promise<void> {
    return this.client.end();
  }

  private pids(): number[] {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return all.map(Number).filter((pid) => pid === this.serverPid || parentOf(pid) === this.serverPid);
  }
}
