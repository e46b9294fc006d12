import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { KeyHolder, KeyScope, SignedIn, SignedInRequest } from '../../common/access/key-holder';
import { SecretKeys } from '../../common/access/secret-keys';
import { ConcurrencyLimit, orWhenFull } from '../../common/concurrency-limit';
import { tooManyRequests } from '../../common/errors/refusals';
import { type Digests, KeyedDigest } from '../../common/secrets/keyed-digest';
import { queryRows } from '../../database';
import { hashOf, holderOfRow } from '../key-lookup';
import { SignInCookie } from './sign-in-cookie';

/** The time after which a sign-in ends, however it is used. */
export const SIGN_IN_HOURS = 12;

/**
 * The header that the console sends with each change. A page of another origin can't send it without a preflight, which
 * no secret route answers; so neither a form nor a script there can make a change with the cookie.
 */
export const CONSOLE_HEADER = 'x-console';

/** The form of a token. Any other text is refused without a lookup. */
const TOKEN = /^[\w-]{43}$/;

/** Lookups at the same time: made-up cookies can't use more connections to the database. */
const LOOKUPS = { atOnce: 2, waiting: 200 };

/** Sign-ins that one statement deletes after their end. */
const DELETED_AT_ONCE = 100;

/** A new sign-in. */
export interface NewSignIn {
  /** The Set-Cookie header. Its token is not stored. */
  readonly cookie: string;
  readonly expiresAt: Date;
}

/** The holder of a key, and the end of the sign-in with which the request came. */
export interface SignedInHolder extends KeyHolder {
  readonly signedInUntil: Date;
}

interface SignInRow {
  readonly sign_in_expires_at: Date;
  readonly root_key_digest: string | null;
  readonly id: number | null;
  readonly name: string | null;
  readonly scopes: KeyScope[] | null;
  readonly installation_id: number | null;
  readonly external_key: string | null;
  readonly expires_at: Date | null;
}

/**
 * The table `sign_ins`: browsers that are signed in to the console with a key. A sign-in has the rights of its key, and
 * ends with it: when the key is revoked, has expired, or is no longer one of API_SECRET_KEYS.
 */
@Injectable()
export class SignIns implements SignedIn {
  private readonly limit = new ConcurrencyLimit(LOOKUPS);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly rootKeys: SecretKeys,
    private readonly digest: KeyedDigest,
    private readonly cookie: SignInCookie,
  ) {}

  /**
   * Signs a browser in, always with a new token. The sign-in that the browser had ends.
   *
   * @param key a valid key.
   */
  async create(holder: KeyHolder, key: string, { cookie }: IncomingHttpHeaders): Promise<NewSignIn> {
    const token = randomBytes(32).toString('base64url');
    const [rootKeyDigest] = this.digestsOf(key);
    const rows = await queryRows<{ expires_at: Date }>(
      this.dataSource,
      `WITH ended AS (
         DELETE FROM sign_ins WHERE id IN (
           SELECT id FROM sign_ins WHERE expires_at <= now() OR token_hash = $5
           ORDER BY (token_hash = $5) DESC, expires_at LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED))
       INSERT INTO sign_ins (token_hash, key_id, root_key_digest, expires_at)
       VALUES ($1, $2, $3, LEAST(now() + interval '${SIGN_IN_HOURS} hours', $4::timestamp)) RETURNING expires_at`,
      [
        hashOf(token),
        holder.id ?? null,
        holder.id === undefined ? rootKeyDigest : null,
        holder.expiresAt ?? null,
        hashOf(this.cookie.read(cookie) ?? ''),
      ],
    );
    const [{ expires_at: expiresAt }] = rows as [{ expires_at: Date }];
    return { cookie: this.cookie.set(token, expiresAt), expiresAt };
  }

  /**
   * Finds the key of the sign-in of a request. Changes need the header of the console, too. Nothing is kept in memory, so
   * that a sign-in ends at once on all instances.
   *
   * @throws ApiError 429 if too many other lookups wait.
   */
  async holderOf({ method, headers }: SignedInRequest): Promise<SignedInHolder | undefined> {
    const token = this.cookie.read(headers.cookie);
    if (token === undefined || !TOKEN.test(token)) return undefined;
    const isChange = method !== 'GET' && method !== 'HEAD';
    if (isChange && headers[CONSOLE_HEADER] === undefined) return undefined;
    const reading = this.limit.run(() => this.read(hashOf(token)));
    const row = await orWhenFull(reading, () => tooManyRequests(1));
    if (row === undefined) return undefined;
    const holder = row.root_key_digest === null ? keyHolderOf(row) : this.rootHolderOf(row.root_key_digest);
    return holder === undefined ? undefined : { ...holder, signedInUntil: row.sign_in_expires_at };
  }

  /** Signs a browser out. @param everywhere true: all browsers that are signed in with the same key. */
  async end({ cookie }: IncomingHttpHeaders, everywhere: boolean): Promise<void> {
    const tokenHash = hashOf(this.cookie.read(cookie) ?? '');
    const [own] = await queryRows<Pick<SignInRow, 'root_key_digest'> & { readonly key_id: number | null }>(
      this.dataSource,
      'SELECT key_id, root_key_digest FROM sign_ins WHERE token_hash = $1',
      [tokenHash],
    );
    const rootKey = this.rootKeyOf(own?.root_key_digest ?? '');
    await queryRows(
      this.dataSource,
      `DELETE FROM sign_ins WHERE id IN (
         SELECT id FROM sign_ins
         WHERE token_hash = $1 OR ($2::boolean AND (key_id = $3::bigint OR root_key_digest = ANY ($4::text[])))
         ORDER BY id FOR UPDATE) RETURNING id`,
      [tokenHash, everywhere, own?.key_id ?? null, rootKey === undefined ? [] : this.digestsOf(rootKey)],
    );
  }

  private async read(tokenHash: string): Promise<SignInRow | undefined> {
    const [row] = await queryRows<SignInRow>(
      this.dataSource,
      `SELECT s.expires_at AS sign_in_expires_at, s.root_key_digest, k.id, k.name, k.scopes, k.installation_id,
         i.external_key, k.expires_at
       FROM sign_ins s LEFT JOIN access_keys k ON k.id = s.key_id LEFT JOIN installations i ON i.id = k.installation_id
       WHERE s.token_hash = $1 AND s.expires_at > now()
         AND (s.key_id IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))`,
      [tokenHash],
    );
    return row;
  }

  private rootHolderOf(stored: string): KeyHolder | undefined {
    const key = this.rootKeyOf(stored);
    return key === undefined ? undefined : this.rootKeys.holderOf(key);
  }

  /** Returns the root key of a digest that was made with this APP_KEY or a previous one. */
  private rootKeyOf(stored: string): string | undefined {
    return this.rootKeys.find((key) => this.digestsOf(key).includes(stored));
  }

  private digestsOf(key: string): Digests {
    return this.digest.of(['sign-in', key]);
  }
}

function keyHolderOf({ id, name, scopes, ...row }: SignInRow): KeyHolder | undefined {
  return id === null || name === null || scopes === null
    ? undefined
    : holderOfRow({ ...row, id, name, scopes });
}
