import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundLoop } from '../common/background-loop';
import { Heartbeat, LEASE_SECONDS } from '../common/heartbeat';
import type { Digests } from '../common/secrets/keyed-digest';

const KEPT = "interval '24 hours'";
const SWEEP_MILLISECONDS = 10 * 60 * 1000;
const SWEEP_BATCH = 5_000;

/** A key as one of our tenants uses it, and what it was used for. */
export interface KeyUse {
  readonly tenant: string;
  /** As {@link nameOf} has it. */
  readonly key: string;
  /** Keyed hashes of the request: neither the body nor anything that could be guessed from it is kept. */
  readonly digests: Digests;
}

/**
 * A key as it is kept: clients make keys of whatever they have, a shopper's document, too. The same under any APP_KEY,
 * since instances that have different ones must not both carry out what has one key.
 */
export function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** What a request with a key is to do. */
export type Claim =
  | { readonly outcome: 'mine'; readonly id: number; readonly orderId: number | undefined }
  | { readonly outcome: 'running' }
  | { readonly outcome: 'other request' }
  | { readonly outcome: 'answered'; readonly answer: KeptAnswer };

interface KeyRow {
  readonly id: number;
  readonly digest: string;
  readonly order_id: number | null;
  readonly response_status: number | null;
  readonly response_body: string | null;
  readonly expired: boolean;
}

/** The keys that requests came with, shared by all instances and kept over restarts. */
@Injectable()
export class IdempotencyKeys implements OnApplicationBootstrap, OnModuleDestroy {
  readonly heartbeat = new Heartbeat('IdempotencyKeys', (ids) => this.renew(ids));
  private readonly sweep = new BackgroundLoop('IdempotencyKeys', SWEEP_MILLISECONDS, () => this.forgetOld());

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.heartbeat.start();
    this.sweep.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.heartbeat.stop(), this.sweep.stop()]);
  }

  /** Of any number of requests with one key at once, on any number of instances, one gets it. */
  async claim(use: KeyUse): Promise<Claim> {
    const { tenant, key, digests } = use;
    // One statement, so that the unique key decides: a new row is ours, and so is one that nobody works on.
    const [claimed] = await this.dataSource.query<KeyRow[]>(
      `INSERT INTO idempotency_keys AS k (tenant, key, digest, locked_until)
       VALUES ($1, $2, $3, now() + make_interval(secs => ${LEASE_SECONDS}))
       ON CONFLICT (tenant, key) DO UPDATE SET locked_until = excluded.locked_until
       WHERE k.digest = ANY($4) AND k.response_status IS NULL
         AND (k.locked_until IS NULL OR k.locked_until < now())
         AND k.created_at > now() - ${KEPT}
       RETURNING id, order_id`,
      [tenant, key, digests[0], digests],
    );
    if (claimed !== undefined)
      return { outcome: 'mine', id: claimed.id, orderId: claimed.order_id ?? undefined };
    return this.claimedByOthers(use);
  }

  async rememberOrder(id: number, orderId: number): Promise<void> {
    await this.dataSource.query('UPDATE idempotency_keys SET order_id = $2 WHERE id = $1', [id, orderId]);
  }

  /** Keeps the answer for the repeats. */
  async finish(id: number, { status, body }: KeptAnswer): Promise<void> {
    await this.dataSource.query(
      'UPDATE idempotency_keys SET response_status = $2, response_body = $3, locked_until = NULL WHERE id = $1',
      [id, status, body],
    );
  }

  /** Lets the next request with the key try again. */
  async release(id: number): Promise<void> {
    await this.dataSource.query('UPDATE idempotency_keys SET locked_until = NULL WHERE id = $1', [id]);
  }

  /** As if the key had never been used. */
  async forget(id: number): Promise<void> {
    await this.dataSource.query('DELETE FROM idempotency_keys WHERE id = $1', [id]);
  }

  private async claimedByOthers(use: KeyUse): Promise<Claim> {
    const { tenant, key, digests } = use;
    const [row] = await this.dataSource.query<KeyRow[]>(
      `SELECT id, digest, response_status, response_body, created_at <= now() - ${KEPT} AS expired
       FROM idempotency_keys WHERE tenant = $1 AND key = $2`,
      [tenant, key],
    );
    if (row === undefined || row.expired) {
      if (row !== undefined)
        await this.dataSource.query('DELETE FROM idempotency_keys WHERE id = $1', [row.id]);
      return this.claim(use);
    }
    if (!digests.includes(row.digest)) return { outcome: 'other request' };
    if (row.response_status === null) return { outcome: 'running' };
    return { outcome: 'answered', answer: { status: row.response_status, body: row.response_body ?? '' } };
  }

  private async renew(ids: readonly number[]): Promise<void> {
    await this.dataSource.query(
      `UPDATE idempotency_keys SET locked_until = now() + make_interval(secs => ${LEASE_SECONDS})
       WHERE id = ANY($1) AND response_status IS NULL`,
      [ids],
    );
  }

  private async forgetOld(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM idempotency_keys WHERE id IN
         (SELECT id FROM idempotency_keys WHERE created_at <= now() - ${KEPT} ORDER BY created_at LIMIT ${SWEEP_BATCH})`,
    );
  }
}
