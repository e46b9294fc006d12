import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { AccessLevel } from '../common/access/access.decorator';
import {
  END_LEASE,
  isLeased,
  isLeaseFree,
  type Lease,
  LEASE_EXPIRY,
  takeLease,
} from '../common/leases/lease';
import { LeaseKeeper } from '../common/leases/lease-keeper';
import type { Digests } from '../common/secrets/keyed-digest';
import { CONFIG, type Config } from '../config';
import { queryPrepared, queryRows, Retention } from '../database';
import { IDENTICAL_SECONDS } from './key-end';

const CLEANUP_BATCH = 5_000;
/** The route of keys from older versions, which did not store it. Such a key applies to all routes of its shop. */
const ANY_ROUTE = '*';

/** An idempotency key with its scope and the digests of its request. */
export interface KeyUse {
  readonly tenant: string;
  readonly access: AccessLevel;
  readonly route: string;
  /** The result of {@link hashKey} or {@link bodyKey}. */
  readonly key: string;
  /** Keyed hashes of the request. The request itself is not stored, and can't be guessed from them. */
  readonly digests: Digests;
}

/**
 * Hashes a client's key for storage, because clients may use personal data, such as a document number, as a key. The
 * hash does not depend on APP_KEY: instances with different values must find the same row.
 */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * Returns the key of a request without an Idempotency-Key, made from the digest of its body. The space in it excludes
 * collisions with keys of clients. The digest is that of the oldest APP_KEY, so that during a key rotation all
 * instances find the same row.
 */
export function bodyKey(digests: Digests): string {
  return `body ${digests.at(-1) ?? digests[0]}`;
}

/** SQL: the key `$4` in the scope of a route (`$1` to `$3`), if it was used for the same request: its digests are `$7`. */
const SAME_REQUEST = `SELECT 1 FROM idempotency_keys WHERE tenant = $1::varchar AND access = $2::varchar
  AND route = $3::varchar AND key = $4::varchar AND digest = ANY($7::bpchar[]) AND expires_at > clock_timestamp()`;

/** A stored answer. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * The result of leasing a key. `held`: this request has the lease · `running`: the first request still has it ·
 * `other_request`: the key was used for another request · `answered`: the first request is finished.
 */
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

/** Renews the leases of the keys whose requests this process executes. */
@Injectable()
export class KeyLeases extends LeaseKeeper {
  constructor(@InjectDataSource() dataSource: DataSource) {
    super(dataSource, { name: 'idempotency_keys', idColumn: 'id' });
  }
}

/** Stores idempotency keys in the database, for all instances. */
@Injectable()
export class IdempotencyKeys {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    retention: Retention,
  ) {
    retention.add({ name: 'idempotency keys', batch: () => this.deleteExpired() });
  }

  /**
   * Leases a key. Of simultaneous requests with the same key, on any number of instances, only one gets the lease.
   *
   * @param isServer true if the caller has a secret key. Its scope is `secret` on all routes, so that a stranger can't use
   * up the keys of a server. Only the repeat of a request without a secret key stays in the scope of the route.
   */
  async lease(use: KeyUse, isServer: boolean): Promise<KeyLease> {
    const { tenant, access, route, key, digests } = use;
    const token = randomUUID();
    // One statement, so that the unique key decides.
    const [held] = await queryPrepared<{ id: number; is_repeat: boolean }>(this.dataSource, {
      name: 'idempotency_keys_lease',
      text: `INSERT INTO idempotency_keys AS k (tenant, access, route, key, digest, lease_token, lease_expires_at, expires_at)
       SELECT $1::varchar, CASE WHEN $8::boolean AND NOT EXISTS (${SAME_REQUEST}) THEN 'secret' ELSE $2::varchar END,
         $3::varchar, $4::varchar, $5::char(64), $6::uuid, ${LEASE_EXPIRY}, clock_timestamp() + make_interval(hours => $9::integer)
       WHERE NOT EXISTS (SELECT FROM idempotency_keys
         WHERE tenant = $1 AND key = $4 AND route = '${ANY_ROUTE}' AND expires_at > clock_timestamp())
       ON CONFLICT (tenant, access, route, key) DO UPDATE
       SET lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at
       WHERE k.digest = ANY($7::bpchar[]) AND k.response_status IS NULL AND k.expires_at > clock_timestamp()
         AND ${isLeaseFree('k')}
       RETURNING id, xmax <> 0 AS is_repeat`,
      values: [
        tenant,
        access,
        route,
        key,
        digests[0],
        token,
        digests,
        isServer,
        this.config.retention.idempotencyKeyHours,
      ],
    });
    if (held !== undefined)
      return { outcome: 'held', lease: { id: held.id, token }, isRepeat: held.is_repeat };
    return this.leaseTaken(isServer ? await this.ofServer(use) : use);
  }

  /** Stores the answer for repeated requests, and ends the lease. @param isIdentical true for a key from the body. */
  async finish({ id, token }: Lease, { status, body }: KeptAnswer, isIdentical: boolean): Promise<void> {
    await queryPrepared(this.dataSource, {
      name: 'idempotency_keys_finish',
      text: `UPDATE idempotency_keys SET response_status = $3, response_body = $4, ${END_LEASE},
         expires_at = CASE WHEN $5 THEN clock_timestamp() + make_interval(secs => ${IDENTICAL_SECONDS}) ELSE expires_at END
       WHERE id = $1 AND lease_token = $2`,
      values: [id, token, status, body, isIdentical],
    });
  }

  /** Ends the lease without an answer: a repeat resumes. @param isDone true if an identical body succeeded. */
  async release({ id, token }: Lease, isDone = false): Promise<void> {
    await this.dataSource.query(
      `UPDATE idempotency_keys SET ${END_LEASE},
         expires_at = CASE WHEN $3 THEN clock_timestamp() + make_interval(secs => ${IDENTICAL_SECONDS}) ELSE expires_at END
       WHERE id = $1 AND lease_token = $2`,
      [id, token, isDone],
    );
  }

  /** Deletes a key, so that it can be used for another request. */
  async forget({ id, token }: Lease): Promise<void> {
    await this.dataSource.query('DELETE FROM idempotency_keys WHERE id = $1 AND lease_token = $2', [
      id,
      token,
    ]);
  }

  /** Returns the use of a key by a caller with a secret key, in the scope that {@link lease} chooses. */
  private async ofServer(use: KeyUse): Promise<KeyUse> {
    const { tenant, access, route, key, digests } = use;
    const rows = await queryRows(this.dataSource, SAME_REQUEST.replace('$7', '$5'), [
      tenant,
      access,
      route,
      key,
      digests,
    ]);
    return rows.length > 0 ? use : { ...use, access: 'secret' };
  }

  private async leaseTaken(use: KeyUse): Promise<KeyLease> {
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
    if (row === undefined) return this.lease(use, false);
    if (row.is_expired) {
      await this.dataSource.query('DELETE FROM idempotency_keys WHERE id = $1', [row.id]);
      return this.lease(use, false);
    }
    if (!digests.includes(row.digest)) return { outcome: 'other_request' };
    if (row.response_status !== null)
      return { outcome: 'answered', answer: { status: row.response_status, body: row.response_body ?? '' } };
    if (row.route === ANY_ROUTE && !row.is_leased) return this.leaseOldKey(row.id);
    return { outcome: 'running' };
  }

  private async leaseOldKey(id: number): Promise<KeyLease> {
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

  /** Deletes a batch of keys that have expired. @returns true if there may be more. */
  private async deleteExpired(): Promise<boolean> {
    const deleted = await queryRows(
      this.dataSource,
      `DELETE FROM idempotency_keys WHERE id IN (SELECT id FROM idempotency_keys
         WHERE expires_at <= clock_timestamp() ORDER BY expires_at LIMIT ${CLEANUP_BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING id`,
    );
    return deleted.length === CLEANUP_BATCH;
  }
}
