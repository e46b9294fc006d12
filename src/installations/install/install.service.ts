import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxClient, AppmaxFailure, type Credentials, orApiError } from '../../appmax';
import { AppCache, cacheKeys } from '../../cache';
import { unauthorized } from '../../common/access/unauthorized';
import { ApiError } from '../../common/errors/api-error';
import { MissingParameter } from '../../common/http/page-instead';
import { type Config, CONFIG } from '../../config';
import type { InstallAnswer, InstalledAnswer } from './answers';
import {
  checkCallbackBody,
  invalidAppId,
  isComplete,
  missingFields,
  readCallbackBody,
  type CompleteCallbackBody,
} from './callback-body';
import { decideCallback } from './callback-decision';
import { CredentialProof } from '../credentials/credential-proof';
import { fit } from '../credentials/credential-seals';
import { InstallationStarts } from './installation-starts';
import { InstallationsService } from '../installations.service';
import { alreadyInstalled, credentialsTooLong } from '../errors';

/** How often a health check is judged again because others were saved meanwhile. */
const ATTEMPTS = 5;

/** Which app, and for which merchant. */
interface InstallSubject {
  readonly appId: string;
  readonly externalKey: string;
}

/** What is kept behind a hash while the merchant is at Appmax's. */
interface InstallState extends InstallSubject {
  /** Whether a holder of a secret key started it. */
  readonly authorised: boolean;
}

/**
 * The installation of a merchant, by both of its paths: the browser's (start, consent, callback `GET`) and Appmax's
 * own (callback `POST`, its health check). They come in any order, at once, or nested: Appmax sends the health check
 * while it answers our call for credentials, so nothing is locked across that call.
 */
@Injectable()
export class InstallService {
  private readonly logger = new Logger('Installations');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly cache: AppCache,
    private readonly starts: InstallationStarts,
    private readonly installations: InstallationsService,
    private readonly proof: CredentialProof,
  ) {}

  /**
   * Announces an installation to Appmax.
   *
   * @returns the address of the page on which the merchant consents.
   * @throws ApiError 400 for a parameter, 401 when the key is installed and the caller shows no secret key.
   */
  async start(request: {
    appId: string | undefined;
    externalKey: string | undefined;
    holdsSecretKey: boolean;
  }): Promise<string> {
    const { appId, externalKey } = this.checkStart(request);
    const installed = await this.installations.findState(externalKey);
    // Starting again lets the callback replace the merchant's credentials: not for everyone.
    if (installed !== undefined && !request.holdsSecretKey) throw unauthorized();
    const hash = await orApiError(
      this.appmax.authorize({
        appId,
        externalKey,
        callbackUrl: `${this.config.publicUrl}/integrations/appmax/callback/install`,
      }),
      'failed to initiate installation',
    );
    const { holdsSecretKey: authorised } = request;
    // Installed while Appmax was asked: as if it had been installed before.
    if (!(await this.starts.begin({ externalKey, externalId: randomUUID(), authorised })))
      throw unauthorized();
    const entry = cacheKeys.installState(hash);
    await this.cache.set(entry.key, { appId, externalKey, authorised } satisfies InstallState, entry.seconds);
    return `${this.config.appmax.adminUrl}/appstore/integration/${encodeURIComponent(hash)}`;
  }

  /**
   * The merchant's browser is back from Appmax's page: fetches the credentials and saves the installation.
   *
   * @throws ApiError 400 without a hash or for an app that is not ours, 502 when Appmax gives no credentials.
   */
  async finish(hash: string | undefined): Promise<InstallAnswer> {
    if (hash === undefined || hash === '') throw new MissingParameter('token');
    const state = await this.cache.take<InstallState>(cacheKeys.installState(hash).key);
    if (state === undefined) return { message: 'installation confirmed' };
    if (state.appId !== this.config.appmax.appIdUuid) throw invalidAppId();
    const externalId = (await this.mayFinish(state)) ? await this.fetchAndSave(hash, state) : undefined;
    return externalId === undefined ? { message: 'installation confirmed' } : { external_id: externalId };
  }

  /**
   * Appmax's health check.
   *
   * @throws ApiError 400 for the body, 409 when it would replace the credentials of an installation that nobody
   * started again.
   */
  async confirm(rawBody: unknown): Promise<InstalledAnswer> {
    const ownAppId = this.ownNumericAppId();
    const body = readCallbackBody(rawBody);
    if (isComplete(body)) {
      checkCallbackBody(body, ownAppId);
      return { external_id: await this.decide(body) };
    }
    const { appId, externalKey } = body;
    const start = await (externalKey === undefined
      ? this.starts.findGenerating()
      : this.starts.find(externalKey));
    if (start === null || appId === undefined) throw missingFields();
    checkCallbackBody(body, ownAppId);
    // A row that another path saved meanwhile has the last word on the id.
    const installed = await this.installations.findState(start.externalKey);
    return { external_id: installed?.externalId ?? start.externalId };
  }

  /** A hash from a public start is worth nothing any more once its key was installed by another. */
  private async mayFinish({ externalKey, authorised }: InstallState): Promise<boolean> {
    if (authorised || (await this.starts.isOpenToAll(externalKey))) return true;
    return (await this.installations.findState(externalKey)) === undefined;
  }

  /** @returns the installation's external_id; undefined where another has installed the key meanwhile. */
  private async fetchAndSave(hash: string, state: InstallState): Promise<string | undefined> {
    const { externalKey } = state;
    await this.starts.beginGenerating(
      externalKey,
      this.config.appmax.timeoutSeconds + this.config.appmax.tokenTimeoutSeconds,
    );
    try {
      const credentials = await this.appmax.generateCredentials(hash);
      if (!fit(credentials)) throw credentialsTooLong();
      const externalId = await this.saveFinished(state, credentials);
      if (externalId !== undefined) this.logger.log({ externalId }, 'Installed by the merchant');
      else await this.starts.endGenerating(externalKey);
      return externalId;
    } catch (error) {
      await this.starts.endGenerating(externalKey);
      if (!(error instanceof AppmaxFailure)) throw error;
      // Appmax's health check may have installed the key while the credentials were on their way.
      const installed = await this.installations.findState(externalKey);
      const start = await this.starts.find(externalKey);
      if (installed !== undefined && (start === null || installed.installedAt > start.startedAt))
        return installed.externalId;
      return orApiError(Promise.reject(error), 'failed to generate merchant credentials');
    }
  }

  /** Appmax's word is the last, but not by a start that somebody else has used up. */
  private async saveFinished(
    { appId, externalKey, authorised }: InstallState,
    credentials: Credentials,
  ): Promise<string | undefined> {
    const start = await this.starts.find(externalKey);
    const details = { externalKey, appId, credentials, externalId: start?.externalId ?? randomUUID() };
    return this.dataSource.transaction(async (manager) => {
      const used = await this.starts.use(externalKey, authorised, manager);
      if (used || authorised) return this.installations.save(details, manager);
      return (await this.installations.saveNew(details, manager)) ? details.externalId : undefined;
    });
  }

  /**
   * Decides and does it, as long as nothing has changed between the two: of any number of health checks for one key at
   * once, on any number of instances, one is saved, and the others are judged by what it saved.
   */
  private async decide({ appId, externalKey, credentials }: CompleteCallbackBody): Promise<string> {
    let proven = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const [installed, start] = await Promise.all([
        this.installations.findState(externalKey),
        this.starts.find(externalKey),
      ]);
      // A start is used up by the installation that follows it; replacing its credentials takes another, by someone
      // who may.
      const started =
        start !== null &&
        (installed === undefined || (start.authorised && start.startedAt > installed.installedAt));
      const decision = decideCallback({
        installed: installed && (installed.credentials ?? 'unreadable'),
        started,
        generating: (start?.generatingUntil?.getTime() ?? 0) > Date.now(),
        offered: credentials,
      });
      if (decision === 'conflict') break;
      if (decision === 'keep' && installed !== undefined) return installed.externalId;
      if (decision === 'prove' && !proven) {
        await this.proof.demand(credentials);
        proven = true;
        // Much may have happened while Appmax was asked: look again.
        continue;
      }
      const externalId = installed?.externalId ?? start?.externalId ?? randomUUID();
      const saved = await (installed === undefined
        ? this.installations.saveNew({ externalKey, appId, credentials, externalId })
        : this.installations.replace(installed, appId, credentials));
      if (saved) return externalId;
    }
    throw alreadyInstalled();
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
    if (appIdUuid === undefined)
      throw new ApiError(503, 'Appmax is not configured yet: set APPMAX_APP_ID_UUID');
    if (appId.toLowerCase() !== appIdUuid) throw invalidAppId();
    if (externalKey.length > 255 || /\p{Cc}/u.test(externalKey))
      throw new ApiError(400, 'invalid external_key');
    return { appId: appIdUuid, externalKey };
  }

  private ownNumericAppId(): string {
    const { appIdNumeric } = this.config.appmax;
    if (appIdNumeric === undefined)
      throw new ApiError(503, 'Appmax is not configured yet: set APPMAX_APP_ID_NUMERIC');
    return appIdNumeric;
  }
}
