import { createHash, randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRows, SchemaState } from '../database';
import { BackgroundLoop } from '../common/background-loop';
import {
  END_LEASE,
  isLeased,
  isLeaseFree,
  LEASE_EXPIRY,
  takeLease,
  type Lease,
} from '../common/leases/lease';
import { LeaseKeeper } from '../common/leases/lease-keeper';
import type { Digests } from '../common/secrets/keyed-digest';
import type { AccessLevel } from '../common/access/access.decorator';

/** How long an answer is given again to its key, and to an identical body without one. */
const KEPT_SECONDS = 24 * 3600;
const IDENTICAL_SECONDS = 60;
const SWEEP_MILLISECONDS = 10 * 60 * 1000;
const SWEEP_BATCH = 5_000;
/** The route of keys from before keys were scoped by route: they stand for each of their shop's. */
const ANY_ROUTE = '*';

/** A key as a client of one shop uses it on one route. */
export interface KeyUse {
  readonly tenant: string;
  readonly access: AccessLevel;
  readonly route: string;
  /** As {@link hashKey} or {@link bodyKey} has it. */
  readonly key: string;
  /** Keyed hashes of the request: neither the body nor anything that could be guessed from it is kept. */
  readonly digests: Digests;
}

/**
 * A key as it is kept: clients make keys of what they have, a shopper's document, too. The same under any APP_KEY,
 * since instances that have different ones must not both carry out what has one key.
 */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * The key of a request that came without one: its body stands for it. No client's key has a space in it. The digest under
 * the oldest key that is known: instances that have just got a new APP_KEY and those that have not find the same.
 */
export function bodyKey(digests: Digests): string {
  return `body ${digests.at(-1) ?? digests[0]}`;
}

/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** What a request with a key is to do. */
export type KeyLease =
  | { readonly outcome: 'held'; readonly lease: Lease; readonly isRepeat: boolean }
  | { readonly outcome: 'running' }
  | { readonly outcome: 'other_request' }
  | { readonly outcome: 'answered'; readonly answer: KeptAnswer };

interface KeyRow {
  readonly id: number;
  readonly digest: string;
  readonly route: string;
  readonly is_leased: boolean;
  readonly is_expired: boolean;
  readonly response_status: number | null;
  readonly response_body: string | null;
}

/** Keeps the keys that requests came with, shared by all instances and over restarts. */
@Injectable()
export class IdempotencyKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly leases: LeaseKeeper;
  private readonly sweep = new BackgroundLoop('IdempotencyKeys', SWEEP_MILLISECONDS, () => this.forgetOld());

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly schema: SchemaState,
  ) {
    this.leases = new LeaseKeeper(dataSource, { name: 'idempotency_keys', idColumn: 'id' });
  }

  onApplicationBootstrap(): void {
    this.leases.start();
    this.schema.whenReady(() => {
      this.sweep.start();
    });
  }

  /** Leases are renewed until the last request has drained. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.leases.stop(), this.sweep.stop()]);
  }

  /** Takes a key's lease. Of any number of requests with one key at once, on any number of instances, one gets it. */
  async claim(use: KeyUse): Promise<KeyLease> {
    const { tenant, access, route, key, digests } = use;
    const token = randomUUID();
    // One statement, so that the unique key decides.
    const [held] = await queryRows<{ id: number; is_repeat: boolean }>(
      this.dataSource,
      `INSERT INTO idempotency_keys AS k (tenant, access, route, key, digest, lease_token, lease_expires_at, expires_at)
       SELECT $1::varchar, $2::varchar, $3::varchar, $4::varchar, $5::char(64), $6::uuid, ${LEASE_EXPIRY}, clock_timestamp() + make_interval(secs => ${KEPT_SECONDS})
       WHERE NOT EXISTS (SELECT FROM idempotency_keys
         WHERE tenant = $1 AND key = $4 AND route = '${ANY_ROUTE}' AND expires_at > clock_timestamp())
       ON CONFLICT (tenant, access, route, key) DO UPDATE
       SET lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at
       WHERE k.digest = ANY($7::bpchar[]) AND k.response_status IS NULL AND k.expires_at > clock_timestamp()
         AND ${isLeaseFree('k')}
       RETURNING id, xmax <> 0 AS is_repeat`,
      [tenant, access, route, key, digests[0], token, digests],
    );
    if (held !== undefined)
      return { outcome: 'held', lease: { id: held.id, token }, isRepeat: held.is_repeat };
    return this.claimTaken(use);
  }

  /** Keeps the answer for the repeats. @param isIdentical whether the key is the request's body. */
  async finish({ id, token }: Lease, { status, body }: KeptAnswer, isIdentical: boolean): Promise<void> {
    await this.dataSource.query(
      `UPDATE idempotency_keys SET response_status = $3, response_body = $4, ${END_LEASE},
         expires_at = CASE WHEN $5 THEN clock_timestamp() + make_interval(secs => ${IDENTICAL_SECONDS}) ELSE expires_at END
       WHERE id = $1 AND lease_token = $2`,
      [id, token, status, body, isIdentical],
    );
  }

  /** Lets the next request with the key go on where this one ended. @param isDone whether an identical body succeeded. */
  async release({ id, token }: Lease, isDone = false): Promise<void> {
    await this.dataSource.query(
      `UPDATE idempotency_keys SET ${END_LEASE},
         expires_at = CASE WHEN $3 THEN clock_timestamp() + make_interval(secs => ${IDENTICAL_SECONDS}) ELSE expires_at END
       WHERE id = $1 AND lease_token = $2`,
      [id, token, isDone],
    );
  }

  /** Forgets a key as if it had never been used. */
  async forget({ id, token }: Lease): Promise<void> {
    await this.dataSource.query('DELETE FROM idempotency_keys WHERE id = $1 AND lease_token = $2', [
      id,
      token,
    ]);
  }

  private async claimTaken(use: KeyUse): Promise<KeyLease> {
    const { tenant, access, route, key, digests } = use;
    const [row] = await queryRows<KeyRow>(
      this.dataSource,
      `SELECT id, digest, route, response_status, response_body,
         ${isLeased('idempotency_keys')} AS is_leased,
         expires_at <= clock_timestamp() AS is_expired
       FROM idempotency_keys
       WHERE tenant = $1 AND key = $4 AND ((access = $2 AND route = $3) OR route = '${ANY_ROUTE}')
       ORDER BY route = '${ANY_ROUTE}' LIMIT 1`,
      [tenant, access, route, key],
    );
    if (row === undefined) return this.claim(use);
    if (row.is_expired) {
      await this.dataSource.query('DELETE FROM idempotency_keys WHERE id = $1', [row.id]);
      return this.claim(use);
    }
    if (!digests.includes(row.digest)) return { outcome: 'other_request' };
    if (row.response_status !== null)
      return { outcome: 'answered', answer: { status: row.response_status, body: row.response_body ?? '' } };
    if (row.route === ANY_ROUTE && !row.is_leased) return this.takeOver(row.id);
    return { outcome: 'running' };
  }

  private async takeOver(id: number): Promise<KeyLease> {
    const token = randomUUID();
    const [taken] = await queryRows<{ id: number }>(
      this.dataSource,
      `UPDATE idempotency_keys SET ${takeLease('$2')}
       WHERE id = $1 AND response_status IS NULL AND ${isLeaseFree('idempotency_keys')}
       RETURNING id`,
      [id, token],
    );
    return taken === undefined
      ? { outcome: 'running' }
      : { outcome: 'held', lease: { id, token }, isRepeat: true };
  }

  private async forgetOld(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM idempotency_keys WHERE id IN
         (SELECT id FROM idempotency_keys WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT ${SWEEP_BATCH})`,
    );
  }
}
