import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxClient, AppmaxFailure, appmaxNotConfigured, type Credentials, orApiError } from '../../appmax';
import { AppCache, cacheKeys } from '../../cache';
import { unauthorized } from '../../common/errors/refusals';
import { MissingParameter } from '../../common/http/page-instead';
import { fitsIntoPath } from '../../common/http/path-key';
import { endHeadRequest } from '../../common/http/request-context';
import { CONFIG, type Config } from '../../config';
import { fitsColumns } from '../credentials/credential-seals';
import { credentialsTooLong, installationNotFound, invalidAppId, invalidExternalKey } from '../errors';
import { InstallationsService } from '../installations.service';
import type { InstallAnswer } from './answers';
import { CredentialRequests } from './starts/credential-requests';
import { InstallationStarts } from './starts/installation-starts';

/** The app and the merchant of an installation. */
interface InstallSubject {
  readonly appId: string;
  readonly externalKey: string;
}

/** The data cached for a hash while the merchant is at Appmax. */
interface InstallState extends InstallSubject {
  /** True if it was started with a secret key. */
  readonly authorised: boolean;
}

/**
 * Installs a merchant by the path of the browser: start, consent, callback `GET`. The other path is Appmax's
 * {@link HealthCheck}. They come in any order, at the same time, or nested: Appmax sends the health check while our call
 * for credentials is running, so no lock is held across that call.
 */
@Injectable()
export class InstallFlow {
  private readonly logger = new Logger('Installations');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly cache: AppCache,
    private readonly starts: InstallationStarts,
    private readonly requests: CredentialRequests,
    private readonly installations: InstallationsService,
  ) {}

  /**
   * Starts an installation at Appmax.
   *
   * @returns the URL of Appmax's consent page.
   * @throws ApiError 400 for a bad parameter, 401 if the key is installed and the caller has no secret key.
   */
  async start(request: {
    appId: string | undefined;
    externalKey: string | undefined;
    holdsSecretKey: boolean;
  }): Promise<string> {
    const { appId, externalKey } = this.checkStart(request);
    const installed = await this.installations.findState(externalKey);
    // A new start lets the callback replace the merchant's credentials, so it needs a secret key.
    if (installed !== undefined && !request.holdsSecretKey) throw unauthorized();
    const hash = await orApiError(
      this.appmax.authorize({
        appId,
        externalKey,
        callbackUrl: `${this.config.publicUrl}/integrations/appmax/callback/install`,
        domainNames: this.config.appmax.domainNames,
      }),
      'failed to initiate installation',
    );
    const { holdsSecretKey: authorised } = request;
    // The key was installed during the call to Appmax: same result as if it had been installed before.
    if (!(await this.starts.begin({ externalKey, externalId: randomUUID(), authorised })))
      throw unauthorized();
    const entry = cacheKeys.installState(hash);
    await this.cache.set(entry.key, { appId, externalKey, authorised } satisfies InstallState, entry.seconds);
    return `${this.config.appmax.adminUrl}/appstore/integration/${encodeURIComponent(hash)}`;
  }

  /**
   * Starts a new installation of a merchant who has installed the app before, for a caller with a secret key.
   *
   * @returns the URL of Appmax's consent page, which the merchant opens. @throws ApiError 404 if the key is not installed.
   */
  async restart(externalKey: string): Promise<string> {
    if ((await this.installations.findState(externalKey)) === undefined) throw installationNotFound();
    const { appIdUuid: appId } = this.config.appmax;
    if (appId === undefined) throw appmaxNotConfigured('APPMAX_APP_ID_UUID');
    return this.start({ appId, externalKey, holdsSecretKey: true });
  }

  /**
   * Finishes an installation after the merchant's consent: fetches the credentials and saves the installation.
   *
   * @throws ApiError 400 without a hash or for another app, 502 if Appmax sends no credentials.
   */
  async finish(hash: string | undefined): Promise<InstallAnswer> {
    if (hash === undefined || hash === '') throw new MissingParameter('token');
    endHeadRequest();
    const state = await this.cache.take<InstallState>(cacheKeys.installState(hash).key);
    if (state === undefined) return { message: 'installation confirmed' };
    if (state.appId !== this.config.appmax.appIdUuid) throw invalidAppId();
    const externalId = (await this.mayFinish(state)) ? await this.fetchAndSave(hash, state) : undefined;
    return externalId === undefined ? { message: 'installation confirmed' } : { external_id: externalId };
  }

  /** Returns false for the hash of a public start if its key was installed by another caller meanwhile. */
  private async mayFinish({ externalKey, authorised }: InstallState): Promise<boolean> {
    if (authorised || (await this.starts.isOpenToAll(externalKey))) return true;
    return (await this.installations.findState(externalKey)) === undefined;
  }

  /** @returns the installation's external_id; undefined if another caller has installed the key meanwhile. */
  private async fetchAndSave(hash: string, state: InstallState): Promise<string | undefined> {
    const { externalKey } = state;
    const { timeoutSeconds, tokenTimeoutSeconds } = this.config.appmax;
    try {
      const externalId = await this.requests.run(
        externalKey,
        timeoutSeconds + tokenTimeoutSeconds,
        async () => {
          const credentials = await this.appmax.generateCredentials(hash);
          if (!fitsColumns(credentials)) throw credentialsTooLong();
          return this.saveFinished(state, credentials);
        },
      );
      if (externalId !== undefined) this.logger.log({ externalId }, 'Installed by the merchant');
      return externalId;
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      // Appmax's health check may have installed the key while our call for the credentials was running.
      const installed = await this.installations.findState(externalKey);
      const start = await this.starts.find(externalKey);
      if (installed !== undefined && (start === null || installed.installedAt > start.startedAt))
        return installed.externalId;
      return orApiError(Promise.reject(error), 'failed to generate merchant credentials');
    }
  }

  /** Saves credentials from Appmax. A public start that is already used can only save a new installation. */
  private async saveFinished(
    { appId, externalKey, authorised }: InstallState,
    credentials: Credentials,
  ): Promise<string | undefined> {
    const start = await this.starts.find(externalKey);
    const details = { externalKey, appId, credentials, externalId: start?.externalId ?? randomUUID() };
    const externalIdOfKey = await this.dataSource.transaction(async (manager) => {
      const used = await this.starts.use(externalKey, authorised, manager);
      if (used || authorised) return this.installations.save(details, manager);
      return (await this.installations.saveNew(details, manager)) ? details.externalId : undefined;
    });
    this.installations.forget(externalKey);
    return externalIdOfKey;
  }

  private checkStart(request: {
    appId: string | undefined;
    externalKey: string | undefined;
  }): InstallSubject {
    const { appId, externalKey } = request;
    const { appIdUuid } = this.config.appmax;
    const known = { app_id: appId === '' ? appIdUuid : (appId ?? appIdUuid), external_key: externalKey };
    if (appId === undefined || appId === '') throw new MissingParameter('app_id', known);
    if (externalKey === undefined || externalKey === '') throw new MissingParameter('external_key', known);
    if (appIdUuid === undefined) throw appmaxNotConfigured('APPMAX_APP_ID_UUID');
    if (appId.toLowerCase() !== appIdUuid) throw invalidAppId();
    if (externalKey.length > 255 || /\p{Cc}/u.test(externalKey) || !fitsIntoPath(externalKey))
      throw invalidExternalKey();
    return { appId: appIdUuid, externalKey };
  }
}
