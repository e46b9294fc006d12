import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { KeyHolder, KeyScope, StoredKeys } from '../common/access/key-holder';
import { ConcurrencyLimit, orWhenFull } from '../common/concurrency-limit';
import { tooManyRequests } from '../common/errors/refusals';
import { queryRows } from '../database';

/** Time for which the answer of the database is used. A revoked key is accepted for this long on other instances. */
export const KEY_CACHE_MILLISECONDS = 3_000;
const CACHED_KEYS = 1_000;

/** Lookups at the same time: guessed keys can't use more connections to the database. */
const LOOKUPS = { atOnce: 2, waiting: 200 };

/** The form of a key. Any other text is refused without a lookup. */
const KEY = /^amxk_[\w-]{43}$/;

/** A row of a key that is neither expired nor revoked. */
interface KeyRow {
  readonly id: number;
  readonly name: string;
  readonly scopes: KeyScope[];
  readonly installation_id: number | null;
  readonly external_key: string | null;
  readonly expires_at: Date | null;
}

type FoundRow = KeyRow & { readonly is_use_due: boolean };

/** The answer of the database for a key. */
interface Found {
  readonly holder: KeyHolder | undefined;
}

/** Finds the secret keys of the database by their hashes, and keeps the answers in memory for 3 s. */
@Injectable()
export class KeyLookup implements StoredKeys {
  private readonly logger = new Logger('Access');
  private readonly limit = new ConcurrencyLimit(LOOKUPS);
  private readonly found = new LRUCache<string, Found>({
    max: CACHED_KEYS,
    ttl: KEY_CACHE_MILLISECONDS,
    // Simultaneous lookups of one key are one query. A failed one is not kept.
    fetchMethod: (hash) => this.limit.run(() => this.read(hash)),
  });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ApiError 429 if too many other lookups wait. */
  async find(token: string): Promise<KeyHolder | undefined> {
    if (!KEY.test(token)) return undefined;
    const found = await orWhenFull(this.found.fetch(hashOf(token)), () => tooManyRequests(1));
    const holder = found?.holder;
    return holder?.expiresAt !== undefined && holder.expiresAt.getTime() <= Date.now() ? undefined : holder;
  }

  /** Forgets all answers, after a key was revoked. */
  forget(): void {
    this.found.clear();
  }

  private async read(hash: string): Promise<Found> {
    const [row] = await queryRows<FoundRow>(
      this.dataSource,
      `SELECT k.id, k.name, k.scopes, k.installation_id, i.external_key, k.expires_at,
         (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute') AS is_use_due
       FROM access_keys k LEFT JOIN installations i ON i.id = k.installation_id
       WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
      [hash],
    );
    if (row === undefined) return { holder: undefined };
    if (row.is_use_due) await this.recordUse(row.id);
    return { holder: holderOfRow(row) };
  }

  /** Writes the time of use, at most once a minute for all instances. A failure does not refuse the key. */
  private async recordUse(id: number): Promise<void> {
    try {
      await queryRows(
        this.dataSource,
        `UPDATE access_keys SET last_used_at = now()
         WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
        [id],
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'The use of a key could not be recorded');
    }
  }
}

/** Returns the holder of a key of the database. */
export function holderOfRow({ id, name, scopes, ...row }: KeyRow): KeyHolder {
  const { installation_id: installationId, external_key: externalKey, expires_at: expiresAt } = row;
  const shop = installationId === null ? undefined : { installationId, externalKey: externalKey ?? '' };
  return { id, name, scopes, shop, expiresAt: expiresAt ?? undefined };
}

/** Returns the hash by which a key is stored. A key has 256 random bits, so a plain hash can't be guessed. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
