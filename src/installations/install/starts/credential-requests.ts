import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRows } from '../../../database';

/** The time that a health check waits for other calls to end. Appmax waits 5 s for the answer. */
const WAIT_MILLISECONDS = 4_000;
const POLL_MILLISECONDS = 100;

interface RunningCall {
  readonly id: string;
  readonly external_key: string;
}

/**
 * The repository of our running calls for credentials at Appmax. Appmax's newer generation sends its health check while
 * such a call runs.
 */
@Injectable()
export class CredentialRequests {
  private readonly logger = new Logger('Installations');
  /** The next reading of all running calls, which all waiting health checks share. */
  private nextReading: Promise<RunningCall[]> | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Runs a call for the credentials of a key, and records it as running, for at most this many seconds. */
  async run<Value>(externalKey: string, seconds: number, call: () => Promise<Value>): Promise<Value> {
    const id = randomUUID();
    await queryRows<object>(
      this.dataSource,
      `DELETE FROM credential_requests WHERE id IN (SELECT id FROM credential_requests
         WHERE expires_at < now() ORDER BY id FOR UPDATE SKIP LOCKED)`,
    );
    await queryRows<object>(
      this.dataSource,
      `INSERT INTO credential_requests (id, external_key, expires_at)
       VALUES ($1, $2, now() + make_interval(secs => $3))`,
      [id, externalKey, seconds],
    );
    try {
      return await call();
    } finally {
      await this.end(id);
    }
  }

  /** Returns true while a call for the credentials of this key is running. */
  async isRunning(externalKey: string): Promise<boolean> {
    const rows = await queryRows<object>(
      this.dataSource,
      'SELECT 1 FROM credential_requests WHERE external_key = $1 AND expires_at > now() LIMIT 1',
      [externalKey],
    );
    return rows.length === 1;
  }

  /**
   * Finds the key that a health check without a key belongs to. Its own call was running when it arrived, and does not
   * end before it is answered. So calls that start later do not count, and if there are several keys, the health check
   * waits up to 4 s until the calls of the others have ended: Appmax refuses those of starts without a consent at once.
   *
   * @returns undefined if no key is left, or several.
   */
  async findKey(): Promise<string | undefined> {
    const deadline = performance.now() + WAIT_MILLISECONDS;
    let calls = await this.running();
    while (keysOf(calls).size > 1 && performance.now() < deadline) {
      const running = new Set((await this.readNext()).map(({ id }) => id));
      calls = calls.filter(({ id }) => running.has(id));
    }
    const [key, ...others] = keysOf(calls);
    return others.length === 0 ? key : undefined;
  }

  /** Reads all running calls after a pause. A health check that comes during the pause shares the reading. */
  private readNext(): Promise<RunningCall[]> {
    this.nextReading ??= sleep(POLL_MILLISECONDS).then(() => {
      this.nextReading = undefined;
      return this.running();
    });
    return this.nextReading;
  }

  private running(): Promise<RunningCall[]> {
    return queryRows<RunningCall>(
      this.dataSource,
      'SELECT id, external_key FROM credential_requests WHERE expires_at > now()',
    );
  }

  /** Removes a call's row. If that fails, the row counts until it expires. */
  private async end(id: string): Promise<void> {
    try {
      await queryRows<object>(this.dataSource, 'DELETE FROM credential_requests WHERE id = $1', [id]);
    } catch (error) {
      this.logger.warn({ err: error }, 'The end of a call for credentials could not be recorded');
    }
  }
}

function keysOf(calls: readonly RunningCall[]): Set<string> {
  return new Set(calls.map((call) => call.external_key));
}
