import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { AppmaxClient } from '../appmax/appmax.client';
import { orApiError } from '../appmax/failure-to-api-error';
import type { Credentials, MerchantCredentials } from '../appmax/tokens/credentials';
import { ApiError } from '../common/errors/api-error';
import type { MerchantTokenAnswer } from './answers';
import { Installation } from './installation.entity';

/** An installation as the other rooms see it. */
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

/** The merchants that have installed the app. */
@Injectable()
export class InstallationsService {
  constructor(
    @InjectRepository(Installation) private readonly installations: Repository<Installation>,
    private readonly appmax: AppmaxClient,
  ) {}

  async find(externalKey: string): Promise<Merchant | undefined> {
    // PostgreSQL takes no NUL in a text, and a path may hold one.
    if (externalKey.includes('\0')) return undefined;
    const installation = await this.installations.findOneBy({ externalKey });
    return installation === null ? undefined : toMerchant(installation);
  }

  /** @throws ApiError 404 `installation not found`. */
  async get(externalKey: string): Promise<Merchant> {
    const merchant = await this.find(externalKey);
    if (merchant === undefined) throw new ApiError(404, 'installation not found');
    return merchant;
  }

  /** The merchant of one of our orders. @throws EntityNotFoundError */
  async getById(id: number): Promise<Merchant> {
    return toMerchant(await this.installations.findOneByOrFail({ id }));
  }

  /**
   * Saves an installation by its external_key. Both paths of an installation may do so at once: the first makes the
   * row, the other updates its credentials, and both get the external_id that the row has kept.
   *
   * @returns the installation's external_id.
   */
  async save({ externalKey, appId, credentials, externalId }: InstallationDetails): Promise<string> {
    const inserted = await this.installations
      .createQueryBuilder()
      .insert()
      .values({
        externalKey,
        appId,
        externalId,
        merchantClientId: credentials.clientId,
        merchantClientSecret: credentials.clientSecret,
      })
      .orUpdate(['app_id', 'merchant_client_id', 'merchant_client_secret', 'installed_at'], ['external_key'])
      .returning('external_id')
      .execute();
    const [saved] = inserted.raw as { external_id: string }[];
    return saved?.external_id ?? externalId;
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
}

function toMerchant(installation: Installation): Merchant {
  const { id, externalKey, externalId, installedAt, merchantClientId, merchantClientSecret } = installation;
  return {
    installationId: id,
    externalKey,
    externalId,
    installedAt,
    credentials: { installationId: id, clientId: merchantClientId, clientSecret: merchantClientSecret },
  };
}
