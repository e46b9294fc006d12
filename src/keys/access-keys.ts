import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { KEY_SCOPES, type KeyHolder, type KeyScope } from '../common/access/key-holder';
import { insufficientScope } from '../common/errors/refusals';
import { currentRequestId } from '../common/http/request-context';
import { Conditions } from '../common/listing/conditions';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/fields';
import { queryRows } from '../database';
import { actorOf, COMMAND } from './actor';
import { AuditLog } from './audit-log';
import { expiryIsPast, keyNotFound, shopNotFound } from './errors';
import { hashOf, KeyLookup } from './key-lookup';

/** A secret key of the database, without the key itself, which is not stored. */
export class KeySummary {
  @RowId()
  id: number;

  @ApiProperty({ description: 'The name of the key.', example: 'shop-backend' })
  name: string;

  @ApiProperty({ description: 'The rights of the key.', enum: KEY_SCOPES, isArray: true, example: ['read'] })
  scopes: KeyScope[];

  @ApiProperty({
    description: 'The `external_key` of the only shop for which it is valid; null: all shops.',
    type: 'string',
    nullable: true,
    example: 'shop-42',
  })
  external_key: string | null;

  @Instant('When it was made.')
  created_at: string;

  @Instant('When it expires; null: never.', { nullable: true })
  expires_at: string | null;

  @Instant('When it was last used, to the minute.', { nullable: true })
  last_used_at: string | null;

  @Instant('When it was revoked.', { nullable: true })
  revoked_at: string | null;
}

/** A new key. */
export class MadeKey extends KeySummary {
  @ApiProperty({
    description: 'The key itself. It is shown only now.',
    example: 'amxk_replace-this-with-the-key',
  })
  key: string;
}

/** The properties of a new key. */
export interface NewKey {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly externalKey: string | undefined;
  readonly expiresAt: Date | undefined;
}

const INSTANTS = ['created_at', 'expires_at', 'last_used_at', 'revoked_at'] as const;
type InstantName = (typeof INSTANTS)[number];
type KeyRow = Omit<KeySummary, InstantName> & Readonly<Record<InstantName, Date | null>>;

const COLUMNS =
  'k.id, k.name, k.scopes, i.external_key, k.created_at, k.expires_at, k.last_used_at, k.revoked_at';
const FROM_KEYS = 'FROM access_keys k LEFT JOIN installations i ON i.id = k.installation_id';

/** Makes, lists and revokes the secret keys of the database. Each change is in the audit log, in the same transaction. */
@Injectable()
export class AccessKeys {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly lookup: KeyLookup,
  ) {}

  /**
   * Makes a key. A key can't make one that may do more than itself: more scopes, another shop, a later expiry, which is
   * brought forward to its own.
   *
   * @param maker the key of the request; undefined for a command.
   * @throws ApiError 400 for an expiry in the past, 403, 404 if the shop is not installed.
   */
  async create(wanted: NewKey, maker: KeyHolder | undefined, action: string): Promise<MadeKey> {
    const { name, scopes, externalKey, expiresAt } = maker === undefined ? wanted : within(wanted, maker);
    if (expiresAt !== undefined && expiresAt.getTime() <= Date.now()) throw expiryIsPast();
    const key = `amxk_${randomBytes(32).toString('base64url')}`;
    const row = await this.dataSource.transaction(async (manager) => {
      const [made] = await queryRows<{ id: number }>(
        manager,
        `INSERT INTO access_keys (name, key_hash, scopes, installation_id, expires_at)
         SELECT $1::varchar, $2::varchar, $3::varchar[], i.id, $5::timestamp
         FROM (SELECT 1) AS one LEFT JOIN installations i ON i.external_key = $4::varchar
         WHERE $4::varchar IS NULL OR i.id IS NOT NULL
         RETURNING id`,
        [name, hashOf(key), [...new Set(scopes)], externalKey ?? null, expiresAt ?? null],
      );
      if (made === undefined) throw shopNotFound();
      await this.record(manager, { action, externalKey, subjectId: made.id }, maker);
      return this.find(manager, made.id);
    });
    return { ...toSummary(row), key };
  }

  /** Lists keys, newest first, also expired and revoked ones. @param shop only keys that are bound to this shop. */
  async list(request: PageRequest, shop: string | undefined): Promise<Page<KeySummary>> {
    const conditions = new Conditions()
      .where(shop, (value) => `i.external_key = ${value}`)
      .where(request.cursor, (value) => `k.id < ${value}`);
    const rows = await queryRows<KeyRow>(
      this.dataSource,
      `SELECT ${COLUMNS} ${FROM_KEYS} ${conditions.sql} ORDER BY k.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
    return pageOf(rows, request, toSummary);
  }

  /**
   * Revokes a key. Other instances accept it for a few seconds more. A second revocation changes nothing.
   *
   * @param by the key of the request; undefined for a command.
   * @throws ApiError 404, also for a key of another shop than that of `by`.
   */
  async revoke(id: number, by: KeyHolder | undefined, action: string): Promise<KeySummary> {
    const row = await this.dataSource.transaction(async (manager) => {
      const [revoked] = await queryRows<{ id: number }>(
        manager,
        `UPDATE access_keys SET revoked_at = COALESCE(revoked_at, now())
         WHERE id = $1 AND ($2::bigint IS NULL OR installation_id = $2::bigint) RETURNING id`,
        [id, by?.shop?.installationId ?? null],
      );
      if (revoked === undefined) throw keyNotFound();
      const found = await this.find(manager, id);
      await this.record(manager, { action, externalKey: found.external_key ?? undefined, subjectId: id }, by);
      return found;
    });
    this.lookup.forget();
    return toSummary(row);
  }

  private async find(manager: EntityManager, id: number): Promise<KeyRow> {
    const [row] = await queryRows<KeyRow>(manager, `SELECT ${COLUMNS} ${FROM_KEYS} WHERE k.id = $1`, [id]);
    if (row === undefined) throw keyNotFound();
    return row;
  }

  private async record(
    manager: EntityManager,
    entry: { action: string; externalKey: string | undefined; subjectId: number },
    by: KeyHolder | undefined,
  ): Promise<void> {
    const actor = by === undefined ? COMMAND : actorOf(by);
    await this.audit.record({ ...entry, actor, requestId: currentRequestId(), status: 200 }, manager);
  }
}

/** Restricts a new key to the rights of the key that makes it. @throws ApiError 403 for more scopes or another shop. */
function within(wanted: NewKey, { scopes, shop, expiresAt }: KeyHolder): NewKey {
  if (!wanted.scopes.every((scope) => scopes.includes(scope))) throw insufficientScope();
  const externalKey = wanted.externalKey ?? shop?.externalKey;
  if (shop !== undefined && externalKey !== shop.externalKey) throw insufficientScope();
  const isLater = expiresAt !== undefined && (wanted.expiresAt === undefined || wanted.expiresAt > expiresAt);
  return { ...wanted, externalKey, expiresAt: isLater ? expiresAt : wanted.expiresAt };
}

function toSummary(row: KeyRow): KeySummary {
  const instants = Object.fromEntries(INSTANTS.map((name) => [name, isoTime(row[name])]));
  return { ...row, ...(instants as { created_at: string } & Record<InstantName, string | null>) };
}
