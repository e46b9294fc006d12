import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { KeyHolder, KeyScope, SignedIn, SignedInRequest } from '../../common/access/key-holder';
import { SecretKeys } from '../../common/access/secret-keys';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
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

/** Sign-ins that one statement deletes after their end. */
const DELETED_AT_ONCE = 100;

/** A new sign-in. */
export interface NewSignIn {
  /** The Set-Cookie header. Its token is not stored. */
  readonly cookie: string;
  readonly expiresAt: Date;
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
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly rootKeys: SecretKeys,
    private readonly digest: KeyedDigest,
    private readonly cookie: SignInCookie,
  ) {}

  /** Signs a browser in. @param key a valid key. */
  async create(holder: KeyHolder, key: string): Promise<NewSignIn> {
    const token = randomBytes(32).toString('base64url');
    const rootKeyDigest = holder.id === undefined ? this.digestsOf(key)[0]! : null;
    const [row] = await queryRows<{ expires_at: Date }>(
      this.dataSource,
      `WITH ended AS (
         DELETE FROM sign_ins WHERE id IN (
           SELECT id FROM sign_ins WHERE expires_at <= now() ORDER BY expires_at LIMIT ${DELETED_AT_ONCE}
           FOR UPDATE SKIP LOCKED))
       INSERT INTO sign_ins (token_hash, key_id, root_key_digest, expires_at)
       VALUES ($1, $2, $3, LEAST(now() + interval '${SIGN_IN_HOURS} hours', $4::timestamp)) RETURNING expires_at`,
      [hashOf(token), holder.id ?? null, rootKeyDigest, holder.expiresAt ?? null],
    );
    const { expires_at: expiresAt } = row!;
    return { cookie: this.cookie.set(token, expiresAt), expiresAt };
  }

  /** Finds the key of the sign-in of a request. Changes need the header of the console, too. */
  async holderOf({ method, headers }: SignedInRequest): Promise<KeyHolder | undefined> {
    const token = this.cookie.read(headers.cookie);
    if (token === undefined || !TOKEN.test(token)) return undefined;
    const isChange = method !== 'GET' && method !== 'HEAD';
    if (isChange && headers[CONSOLE_HEADER] === undefined) return undefined;
    const [row] = await queryRows<SignInRow>(
      this.dataSource,
      `SELECT s.expires_at AS sign_in_expires_at, s.root_key_digest, k.id, k.name, k.scopes, k.installation_id,
         i.external_key, k.expires_at
       FROM sign_ins s LEFT JOIN access_keys k ON k.id = s.key_id LEFT JOIN installations i ON i.id = k.installation_id
       WHERE s.token_hash = $1 AND s.expires_at > now()
         AND (s.key_id IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))`,
      [hashOf(token)],
    );
    if (row === undefined) return undefined;
    const holder = row.root_key_digest === null ? keyHolderOf(row) : this.rootHolderOf(row.root_key_digest);
    return holder === undefined ? undefined : { ...holder, signedInUntil: row.sign_in_expires_at };
  }

  /** Signs a browser out. @param everywhere true: all browsers that are signed in with the same key. */
  async end({ cookie }: IncomingHttpHeaders, everywhere: boolean): Promise<void> {
    const token = this.cookie.read(cookie) ?? '';
    await queryRows(
      this.dataSource,
      `DELETE FROM sign_ins s USING sign_ins own WHERE own.token_hash = $1 AND (s.id = own.id
         OR ($2::boolean AND (s.key_id = own.key_id OR s.root_key_digest = own.root_key_digest))) RETURNING s.id`,
      [hashOf(token), everywhere],
    );
  }

  private rootHolderOf(stored: string): KeyHolder | undefined {
    return this.rootKeys.find((key) => this.digestsOf(key).includes(stored));
  }

  private digestsOf(key: string): readonly string[] {
    return this.digest.of(['sign-in', key]);
  }
}

function keyHolderOf({ id, name, scopes, ...row }: SignInRow): KeyHolder | undefined {
  return id === null || name === null || scopes === null
    ? undefined
    : holderOfRow({ ...row, id, name, scopes });
}
