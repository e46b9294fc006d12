import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { KeyHolder } from '../../common/access/key-holder';
import { insufficientScope } from '../../common/errors/refusals';
import { Conditions } from '../../common/listing/conditions';
import { type Page, pageOf, type PageRequest, rowsToRead } from '../../common/listing/page';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { signMessage } from '../delivery/message';
import { type Attempt, NotificationSender } from '../delivery/sender';
import { endpointNotFound, endpointOfEnvironment, endpointShopNotFound, tooManyEndpoints } from '../errors';
import {
  ENDPOINT_COLUMNS,
  type EndpointChange,
  type EndpointRow,
  type EndpointSummary,
  type EndpointWithSecret,
  FROM_ENDPOINTS,
  type NewEndpoint,
  normalizeEvents,
  toEndpointSummary,
} from './endpoint-rows';
import { EndpointSecrets } from './endpoint-secrets';
import { checkEndpointUrl } from './endpoint-url';

/** The endpoints of one shop, and those for all shops. */
const MAXIMUM_ENDPOINTS = 16;

/** The time in which the previous secret signs, too. */
export const OVERLAP_HOURS = 24;

/** SQL: the endpoint `$1`, if it is of the shop `$2` (null: any). */
const IS_FOUND = `e.id = $1 AND e.deleted_at IS NULL AND ($2::text IS NULL OR i.external_key = $2::text)`;

/** The filters of the list. */
export interface EndpointListRequest extends PageRequest {
  readonly external_key?: string | undefined;
}

/** Makes, lists, changes and deletes endpoints. */
@Injectable()
export class Endpoints {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly secrets: EndpointSecrets,
    private readonly sender: NotificationSender,
  ) {}

  /** Lists endpoints, newest first. @param shop the only shop whose endpoints are listed; undefined: all. */
  async list(request: EndpointListRequest, shop: string | undefined): Promise<Page<EndpointSummary>> {
    const conditions = new Conditions()
      .and('e.deleted_at IS NULL')
      .where(shop, (value) => `i.external_key = ${value}`)
      .where(request.external_key, (value) => `i.external_key = ${value}`)
      .where(request.cursor, (value) => `e.id < ${value}`);
    const rows = await queryRows<EndpointRow>(
      this.dataSource,
      `SELECT ${ENDPOINT_COLUMNS} ${FROM_ENDPOINTS} ${conditions.sql} ORDER BY e.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
    return pageOf(rows, request, toEndpointSummary);
  }

  /** Returns one endpoint. @param shop the only shop whose endpoints are found; undefined: all. @throws ApiError 404 */
  get(id: number, shop: string | undefined): Promise<EndpointSummary> {
    return this.find(this.dataSource.manager, id, shop);
  }

  /**
   * Makes an endpoint, which gets the changes from now on.
   *
   * @throws ApiError 400 for a private address, 403 for another shop than that of the key, 404, 409.
   */
  async create({ url, externalKey, events }: NewEndpoint, { shop }: KeyHolder): Promise<EndpointWithSecret> {
    const wanted = externalKey ?? shop?.externalKey;
    if (shop !== undefined && wanted !== shop.externalKey) throw insufficientScope();
    const address = await this.checkUrl(url);
    const secret = this.secrets.make();
    return this.dataSource.transaction(async (manager) => {
      const [place] = await queryRows<{ id: number; installation_id: number | null; used: number }>(
        manager,
        `SELECT nextval('notification_endpoints_id_seq') AS id, i.id AS installation_id, (
           SELECT count(*) FROM notification_endpoints e
           WHERE e.deleted_at IS NULL AND e.installation_id IS NOT DISTINCT FROM i.id) AS used
         FROM (SELECT 1) one LEFT JOIN installations i ON i.external_key = $1::varchar
         WHERE $1::varchar IS NULL OR i.id IS NOT NULL`,
        [wanted ?? null],
      );
      if (place === undefined) throw endpointShopNotFound();
      if (place.used >= MAXIMUM_ENDPOINTS) throw tooManyEndpoints();
      await queryRows(
        manager,
        'INSERT INTO notification_endpoints (id, installation_id, url, secret, events) VALUES ($1, $2, $3, $4, $5)',
        [
          place.id,
          place.installation_id,
          address,
          this.secrets.seal(place.id, secret),
          normalizeEvents(events ?? ['*']),
        ],
      );
      return { ...(await this.find(manager, place.id, undefined)), secret };
    });
  }

  /**
   * Changes an endpoint's address or events, disables it, or enables it: what it has missed is then sent. Other events
   * are those of later changes: what is written already is still sent. @throws ApiError
   */
  async change(
    id: number,
    { url, events, enabled }: EndpointChange,
    shop: string | undefined,
  ): Promise<EndpointSummary> {
    const address = url === undefined ? undefined : await this.checkUrl(url);
    return this.dataSource.transaction(async (manager) => {
      const before = await this.lock(manager, id, shop);
      if (address !== undefined) {
        if (before.is_from_environment) throw endpointOfEnvironment();
        await queryRows(manager, 'UPDATE notification_endpoints SET url = $2 WHERE id = $1', [id, address]);
      }
      if (events !== undefined)
        await queryRows(manager, 'UPDATE notification_endpoints SET events = $2 WHERE id = $1', [
          id,
          normalizeEvents(events),
        ]);
      if (enabled === true) await this.enable(manager, id);
      if (enabled === false)
        await queryRows(
          manager,
          `UPDATE notification_endpoints SET disabled_at = clock_timestamp(), disabled_reason = 'operator'
           WHERE id = $1 AND disabled_at IS NULL`,
          [id],
        );
      return this.find(manager, id, shop);
    });
  }

  /** Gives an endpoint a new secret. The previous one signs for 24 hours, too. @throws ApiError */
  async rotateSecret(id: number, shop: string | undefined): Promise<EndpointWithSecret> {
    const secret = this.secrets.make();
    return this.dataSource.transaction(async (manager) => {
      const before = await this.lock(manager, id, shop);
      if (before.is_from_environment) throw endpointOfEnvironment();
      await queryRows(
        manager,
        `UPDATE notification_endpoints SET secret = $2, previous_secret = secret,
           previous_secret_expires_at = clock_timestamp() + interval '${OVERLAP_HOURS} hours' WHERE id = $1`,
        [id, this.secrets.seal(id, secret)],
      );
      return { ...(await this.find(manager, id, shop)), secret };
    });
  }

  /** Deletes an endpoint. What was not delivered is not sent any more. @returns the endpoint. @throws ApiError */
  async delete(id: number, shop: string | undefined): Promise<EndpointSummary> {
    return this.dataSource.transaction(async (manager) => {
      const before = await this.lock(manager, id, shop);
      if (before.is_from_environment) throw endpointOfEnvironment();
      await queryRows(
        manager,
        'UPDATE notification_endpoints SET deleted_at = clock_timestamp() WHERE id = $1',
        [id],
      );
      return before;
    });
  }

  /** Sends a test event now, also to a disabled endpoint. It is not repeated. @throws ApiError 404 */
  async test(id: number, shop: string | undefined): Promise<Attempt> {
    const [row] = await queryRows<{
      url: string;
      secret: string;
      previous_secret: string | null;
      message: string;
    }>(
      this.dataSource,
      `SELECT e.url, e.secret, gen_random_uuid() AS message,
         CASE WHEN e.previous_secret_expires_at > clock_timestamp() THEN e.previous_secret END AS previous_secret
       ${FROM_ENDPOINTS} WHERE ${IS_FOUND}`,
      [id, shop ?? null],
    );
    if (row === undefined) throw endpointNotFound();
    const secrets = this.secrets.open(id, [row.secret, row.previous_secret]);
    if (secrets.length === 0)
      return { isDelivered: false, status: null, error: 'no APP_KEY opens the secret of the endpoint' };
    const message = {
      id: `msg_${row.message}`,
      type: 'endpoint.test',
      at: new Date(),
      data: { endpoint_id: id },
    };
    return this.sender.send(row.url, signMessage(message, secrets, new Date()));
  }

  /** Enables an endpoint, and makes all that it has not got due. Its worker puts them into their order again. */
  private async enable(manager: EntityManager, id: number): Promise<void> {
    await queryRows(
      manager,
      `UPDATE notification_endpoints SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE id = $1`,
      [id],
    );
    await queryRows(
      manager,
      `WITH locked AS (SELECT id FROM notification_deliveries WHERE endpoint_id = $1 AND delivered_at IS NULL
         ORDER BY id FOR UPDATE)
       UPDATE notification_deliveries d SET attempts = 0, next_attempt_at = clock_timestamp()
       FROM locked WHERE d.id = locked.id`,
      [id],
    );
  }

  /** Locks the row of an endpoint, as all statements on its deliveries do. @throws ApiError 404 */
  private async lock(manager: EntityManager, id: number, shop: string | undefined): Promise<EndpointSummary> {
    const locked = await queryRows(
      manager,
      `SELECT e.id ${FROM_ENDPOINTS} WHERE ${IS_FOUND} FOR NO KEY UPDATE OF e`,
      [id, shop ?? null],
    );
    if (locked.length === 0) throw endpointNotFound();
    return this.find(manager, id, shop);
  }

  private async find(manager: EntityManager, id: number, shop: string | undefined): Promise<EndpointSummary> {
    const [row] = await queryRows<EndpointRow>(
      manager,
      `SELECT ${ENDPOINT_COLUMNS} ${FROM_ENDPOINTS} WHERE ${IS_FOUND}`,
      [id, shop ?? null],
    );
    if (row === undefined) throw endpointNotFound();
    return toEndpointSummary(row);
  }

  private checkUrl(url: string): Promise<string> {
    const { allowsPrivate } = this.config.notifications;
    return checkEndpointUrl(url, { allowsPrivate, resolver: this.sender.resolver });
  }
}
