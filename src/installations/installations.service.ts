import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { AppmaxClient, type Credentials, type MerchantCredentials, orApiError } from '../appmax';
import { SealError, Sealer } from '../common/secrets/sealer';
import type { MerchantTokenAnswer } from './install/answers';
import { areSealed, fit, openCredentials, sealCredentials } from './credentials/credential-seals';
import { Installation } from './installation.entity';
import { installationNotFound } from './errors';

/** An installation as the other modules see it. */
export interface Merchant {
  readonly installationId: number;
  readonly externalKey: string;
  readonly externalId: string;
  readonly installedAt: Date;
  readonly credentials: MerchantCredentials;
}

/** What is known of an installation when it is saved. */
export interface InstallationDetails {
  readonly externalKey: string;
  readonly appId: string;
  readonly credentials: Credentials;
  /** Used if the key is new; an installation that exists keeps its own. */
  readonly externalId: string;
}

/** An installation as those who may replace it see it. */
export interface InstallationState {
  readonly installationId: number;
  readonly externalKey: string;
  readonly externalId: string;
  readonly installedAt: Date;
  /** Undefined where no key of ours opens them: installing again is the way out, and must go on. */
  readonly credentials: Credentials | undefined;
  /** Tells whether the row has been saved anew since. */
  readonly version: string;
}

/** The merchants that have installed the app. The one place where their credentials are sealed and opened. */
@Injectable()
export class InstallationsService {
  private readonly logger = new Logger('Installations');

  constructor(
    @InjectRepository(Installation) private readonly installations: Repository<Installation>,
    private readonly appmax: AppmaxClient,
    private readonly sealer: Sealer,
  ) {}

  /** @throws SealError when no key of ours opens its credentials. */
  async find(externalKey: string): Promise<Merchant | undefined> {
    const installation = await this.row(externalKey);
    return installation === undefined ? undefined : this.opened(installation);
  }

  async findState(externalKey: string): Promise<InstallationState | undefined> {
    const installation = await this.row(externalKey);
    if (installation === undefined) return undefined;
    const { id: installationId, externalId, installedAt, merchantClientSecret: version } = installation;
    const state = { installationId, externalKey, externalId, installedAt, version };
    try {
      return { ...state, credentials: openCredentials(this.sealer, externalKey, installation) };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return { ...state, credentials: undefined };
    }
  }

  /** @throws ApiError 404 `installation not found`. */
  async get(externalKey: string): Promise<Merchant> {
    const merchant = await this.find(externalKey);
    if (merchant === undefined) throw installationNotFound();
    return merchant;
  }

  /** The merchant of one of our orders. @throws EntityNotFoundError */
  async getById(id: number): Promise<Merchant> {
    return this.opened(await this.installations.findOneByOrFail({ id }));
  }

  /**
   * Saves an installation by its external_key, whatever is there: for credentials that Appmax itself has given us. If
   * the row exists it keeps its external_id.
   *
   * @returns the installation's external_id.
   */
  async save(
    details: InstallationDetails,
    manager: EntityManager = this.installations.manager,
  ): Promise<string> {
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

  /** Saves an installation unless its key is installed. @returns whether it was saved. */
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

  /** Replaces an installation's credentials, unless its row has been saved since it was found. @returns whether it did. */
  async replace(found: InstallationState, appId: string, credentials: Credentials): Promise<boolean> {
    const { installationId: id, version, externalKey } = found;
    const { affected } = await this.installations.update(
      { id, merchantClientSecret: version },
      { appId, ...sealCredentials(this.sealer, externalKey, credentials), installedAt: () => 'now()' },
    );
    return affected === 1;
  }

  /** The merchant's bearer token and credentials, for the merchant's own servers. */
  async merchantToken(externalKey: string): Promise<MerchantTokenAnswer> {
    const { credentials } = await this.get(externalKey);
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

  private rowOf({ externalKey, appId, credentials, externalId }: InstallationDetails): Partial<Installation> {
    return { externalKey, appId, externalId, ...sealCredentials(this.sealer, externalKey, credentials) };
  }

  private async row(externalKey: string): Promise<Installation | undefined> {
    // PostgreSQL takes no NUL in a text, and a path may hold one.
    if (externalKey.includes('\0')) return undefined;
    return (await this.installations.findOneBy({ externalKey })) ?? undefined;
  }

  private async opened(installation: Installation): Promise<Merchant> {
    const { id, externalKey, externalId, installedAt } = installation;
    const credentials = openCredentials(this.sealer, externalKey, installation);
    if (!areSealed(installation) && fit(credentials)) await this.sealOldRow(installation, credentials);
    return {
      installationId: id,
      externalKey,
      externalId,
      installedAt,
      credentials: { installationId: id, ...credentials },
    };
  }

  /**
   * Seals a row from before there was sealing, unless its credentials have changed since it was read. Whoever reads it
   * needs it now, sealed or not: a failure is not theirs. Rows under another key are left to keys:rotate, since two
   * instances that have changed keys one after the other would seal them back and forth.
   */
  private async sealOldRow(installation: Installation, credentials: Credentials): Promise<void> {
    const { id, externalKey, merchantClientId, merchantClientSecret } = installation;
    try {
      await this.installations.update(
        { id, merchantClientId, merchantClientSecret },
        sealCredentials(this.sealer, externalKey, credentials),
      );
    } catch (error) {
      this.logger.warn({ installationId: id, err: error }, 'A row could not be sealed');
    }
  }
}
