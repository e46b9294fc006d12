import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { AppmaxClient, type Credentials, type MerchantCredentials, orApiError } from '../appmax';
import { Sealer, SealError } from '../common/secrets/sealer';
import { queryRows } from '../database';
import { areSealed, fitsColumns, openCredentials, sealCredentials } from './credentials/credential-seals';
import { installationNotFound } from './errors';
import type { MerchantTokenAnswer } from './install/answers';
import { Installation } from './installation.entity';
import { InstallationCache } from './installation-cache';

/** An installation with its opened credentials, for the other modules. */
export interface Merchant {
  readonly installationId: number;
  readonly externalKey: string;
  readonly externalId: string;
  readonly installedAt: Date;
  readonly credentials: MerchantCredentials;
}

/** The data of an installation to save. */
export interface InstallationDetails {
  readonly externalKey: string;
  readonly appId: string;
  readonly credentials: Credentials;
  /** Used if the key is new; an installation that exists keeps its own. */
  readonly externalId: string;
}

/** The state of an installation, for code that may replace it. */
export interface InstallationState {
  readonly installationId: number;
  readonly externalKey: string;
  readonly externalId: string;
  readonly installedAt: Date;
  /** Undefined if none of our keys opens them. Then the merchant has to install again, so this is not an error. */
  readonly credentials: Credentials | undefined;
  /** Changes whenever the row is saved. */
  readonly version: string;
}

/** Reads and saves installations. Only this service and the key rotation seal and open credentials. */
@Injectable()
export class InstallationsService {
  private readonly logger = new Logger('Installations');

  constructor(
    @InjectRepository(Installation) private readonly installations: Repository<Installation>,
    private readonly appmax: AppmaxClient,
    private readonly sealer: Sealer,
    private readonly cache: InstallationCache<Merchant>,
  ) {}

  /**
   * Finds a merchant, as it was at most 5 s ago. Code that writes installations uses {@link findState}.
   *
   * @throws SealError if none of our keys opens the credentials.
   */
  find(externalKey: string): Promise<Merchant | undefined> {
    return this.cache.find(externalKey, () => this.read(externalKey));
  }

  /** Finds the state of an installation as it is in the database now. */
  async findState(externalKey: string): Promise<InstallationState | undefined> {
    const installation = await this.row(externalKey);
    if (installation === undefined) return undefined;
    const { id: installationId, externalId, installedAt, merchantClientSecret: version } = installation;
    const credentials = this.readable(installation);
    return { installationId, externalKey, externalId, installedAt, version, credentials };
  }

  /** Finds a merchant that must exist. @throws ApiError 404 `installation not found`. */
  async get(externalKey: string): Promise<Merchant> {
    const merchant = await this.find(externalKey);
    if (merchant === undefined) throw installationNotFound();
    return merchant;
  }

  /**
   * Returns the id by which Appmax knows the merchant in the browser: the external_id that we gave it or, once the app
   * was installed again, the current client_id. Appmax discards an external_id that it has already.
   *
   * @throws ApiError 404 `installation not found`.
   */
  async browserId(externalKey: string): Promise<string> {
    const { installationId, externalId, credentials } = await this.get(externalKey);
    const reinstalled = await queryRows<object>(
      this.installations,
      'SELECT installation_id FROM reinstallations WHERE installation_id = $1',
      [installationId],
    );
    return reinstalled.length === 0 ? externalId : credentials.clientId;
  }

  /** Finds the merchant of an order by the installation's id. @throws EntityNotFoundError */
  async getById(id: number): Promise<Merchant> {
    return this.opened(await this.installations.findOneByOrFail({ id }));
  }

  /** Drops what is kept in memory of an installation; called when a transaction that has saved it is committed. */
  forget(externalKey: string): void {
    this.cache.forget(externalKey);
  }

  /**
   * Saves an installation with credentials that Appmax itself has sent us. An existing row with the same external_key
   * is replaced, but keeps its external_id.
   *
   * @param manager a transaction. After its commit, call {@link forget}.
   * @returns the installation's external_id.
   */
  async save(details: InstallationDetails, manager: EntityManager): Promise<string> {
    const { externalKey, credentials } = details;
    const before = await manager.findOne(Installation, {
      where: { externalKey },
      lock: { mode: 'pessimistic_write' },
    });
    if (before !== null && this.readable(before)?.clientId !== credentials.clientId)
      await this.recordReinstallation(manager, before.id);
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(Installation)
      .values(this.rowOf(details))
      .orUpdate(['app_id', 'merchant_client_id', 'merchant_client_secret', 'installed_at'], ['external_key'])
      .returning('external_id')
      .execute();
    const [saved] = inserted.raw as { external_id: string }[];
    return saved?.external_id ?? details.externalId;
  }

  /** Saves an installation unless its external_key is already installed. @returns true if it was saved. */
  async saveNew(
    details: InstallationDetails,
    manager: EntityManager = this.installations.manager,
  ): Promise<boolean> {
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(Installation)
      .values(this.rowOf(details))
      .orIgnore()
      .updateEntity(false)
      .returning('external_id')
      .execute();
    return (inserted.raw as unknown[]).length === 1;
  }

  /** Replaces an installation's credentials unless its row has changed since it was read. @returns true if it did. */
  async replace(found: InstallationState, appId: string, credentials: Credentials): Promise<boolean> {
    const { installationId: id, version, externalKey } = found;
    const replaced = await this.installations.manager.transaction(async (manager) => {
      const { affected } = await manager.update(
        Installation,
        { id, merchantClientSecret: version },
        { appId, ...sealCredentials(this.sealer, externalKey, credentials), installedAt: () => 'now()' },
      );
      if (affected !== 1) return false;
      if (found.credentials?.clientId !== credentials.clientId) await this.recordReinstallation(manager, id);
      return true;
    });
    this.forget(externalKey);
    return replaced;
  }

  /** Returns the merchant's bearer token and credentials, for the merchant's own servers. */
  async merchantToken(externalKey: string): Promise<MerchantTokenAnswer> {
    const merchant = await this.read(externalKey);
    if (merchant === undefined) throw installationNotFound();
    const { credentials } = merchant;
    return {
      merchant_bearer_token: await orApiError(
        this.appmax.merchantToken(credentials),
        'failed to fetch merchant token',
      ),
      external_key: externalKey,
      merchant_client_id: credentials.clientId,
      merchant_client_secret: credentials.clientSecret,
    };
  }

  private async read(externalKey: string): Promise<Merchant | undefined> {
    const installation = await this.row(externalKey);
    return installation === undefined ? undefined : this.opened(installation);
  }

  /** Records that the app was installed again: each installation at Appmax has a client_id of its own. */
  private async recordReinstallation(manager: EntityManager, installationId: number): Promise<void> {
    await manager.query(
      `INSERT INTO reinstallations (installation_id) VALUES ($1)
       ON CONFLICT (installation_id) DO UPDATE SET reinstalled_at = excluded.reinstalled_at`,
      [installationId],
    );
  }

  /** Opens the credentials of a row; undefined if none of our keys opens them. */
  private readable(installation: Installation): Credentials | undefined {
    try {
      return openCredentials(this.sealer, installation.externalKey, installation);
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return undefined;
    }
  }

  private rowOf({ externalKey, appId, credentials, externalId }: InstallationDetails): Partial<Installation> {
    return { externalKey, appId, externalId, ...sealCredentials(this.sealer, externalKey, credentials) };
  }

  private async row(externalKey: string): Promise<Installation | undefined> {
    // A URL's path may have a NUL character, but a text in PostgreSQL may not.
    if (externalKey.includes('\0')) return undefined;
    return (await this.installations.findOneBy({ externalKey })) ?? undefined;
  }

  private async opened(installation: Installation): Promise<Merchant> {
    const { id, externalKey, externalId, installedAt } = installation;
    const credentials = openCredentials(this.sealer, externalKey, installation);
    if (!areSealed(installation) && fitsColumns(credentials))
      await this.sealOldRow(installation, credentials);
    return {
      installationId: id,
      externalKey,
      externalId,
      installedAt,
      credentials: { installationId: id, ...credentials },
    };
  }

  /**
   * Seals the credentials of a row from before sealing existed, unless they have changed since they were read. A
   * failure is only logged, because the caller does not need the sealed row. Rows sealed with another key are left to
   * `keys:rotate`: instances with different keys would reseal them again and again.
   */
  private async sealOldRow(installation: Installation, credentials: Credentials): Promise<void> {
    const { id, externalKey, merchantClientId, merchantClientSecret } = installation;
    try {
      await this.installations.update(
        { id, merchantClientId, merchantClientSecret },
        sealCredentials(this.sealer, externalKey, credentials),
      );
    } catch (error) {
      this.logger.warn(
        { installationId: id, err: error },
        'The credentials of an installation could not be sealed',
      );
    }
  }
}
