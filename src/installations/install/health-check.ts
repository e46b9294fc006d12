import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { appmaxNotConfigured, type Credentials } from '../../appmax';
import { ApiError } from '../../common/errors/api-error';
import { CONFIG, type Config } from '../../config';
import { CredentialProof } from '../credentials/credential-proof';
import { alreadyInstalled, invalidCredentials, missingFields } from '../errors';
import { InstallationsService, type InstallationState } from '../installations.service';
import type { InstalledAnswer } from './answers';
import {
  type CallbackBody,
  checkCallbackBody,
  type CompleteCallbackBody,
  isComplete,
  isFromValidator,
  readCallbackBody,
} from './callback/callback-body';
import { type CallbackDecision, decideCallback } from './callback/callback-decision';
import { GuessLimit } from './guess-limit';
import { CredentialRequests } from './starts/credential-requests';
import type { InstallationStart } from './starts/installation-start.entity';
import { InstallationStarts } from './starts/installation-starts';

/** The number of decisions about one health check: another one is needed if the row changed meanwhile. */
const ATTEMPTS = 5;

/** The result of a check of credentials at Appmax; `unknown` if they can't be checked now. */
type Proof = 'accepted' | 'refused' | 'unknown';

interface Situation {
  readonly installed: InstallationState | undefined;
  readonly start: InstallationStart | null;
  readonly decision: CallbackDecision;
}

/** Answers Appmax's health check (callback `POST`), which anyone can send. */
@Injectable()
export class HealthCheck {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly starts: InstallationStarts,
    private readonly requests: CredentialRequests,
    private readonly installations: InstallationsService,
    private readonly proof: CredentialProof,
    private readonly guesses: GuessLimit,
  ) {}

  /**
   * Answers a health check. A check by Appmax's validator changes nothing.
   *
   * @throws ApiError 400 for a bad body, 409 if it would replace an installation's credentials without a new start, 429
   * after many refusals.
   */
  async confirm(rawBody: unknown, address: string): Promise<InstalledAnswer> {
    if (isFromValidator(rawBody)) return { external_id: randomUUID() };
    const ownAppId = this.ownNumericAppId();
    const body = readCallbackBody(rawBody);
    const externalId = await this.guesses.guard(address, (explains) => {
      const check = (): void => {
        checkCallbackBody(body, ownAppId);
      };
      if (!isComplete(body)) return this.identify(body, check);
      // Without an explanation, the app's number is checked last, so that the time shows nothing.
      if (explains) check();
      return this.decide(body, explains, check);
    });
    return { external_id: externalId };
  }

  /** Finds the external_id for a health check without credentials: that of the installation that is going on. */
  private async identify(body: CallbackBody, check: () => void): Promise<string> {
    if (body.appId === undefined) throw missingFields();
    const externalKey = body.externalKey ?? (await this.requests.findKey());
    if (externalKey === undefined) throw missingFields();
    const [start, installed, generating] = await Promise.all([
      this.starts.find(externalKey),
      this.installations.findState(externalKey),
      this.requests.isRunning(externalKey),
    ]);
    // Anyone can start a new key. So a public start alone gets no answer that shows whether the app's number is right.
    if (start === null || !(start.authorised || generating)) throw missingFields();
    check();
    // If the other path has saved the row meanwhile, the row's id counts.
    return installed?.externalId ?? start.externalId;
  }

  /**
   * Decides about a health check and saves the result, unless the row has changed in between; then it decides again. Of
   * several simultaneous health checks for one key, on any instances, one is saved; the others see its row.
   */
  private async decide(body: CompleteCallbackBody, explains: boolean, check: () => void): Promise<string> {
    const { appId, externalKey, credentials } = body;
    let proof: Proof | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { installed, start, decision } = await this.situation(body);
      // Without an explanation, a known key costs the same work as an unknown one.
      if (proof === undefined && (decision === 'prove' || (decision === 'conflict' && !explains))) {
        proof = await this.prove(credentials, start);
        // The row may have changed during the call to Appmax, so it is read again.
        continue;
      }
      check();
      if (decision === 'conflict') break;
      if (decision === 'prove' && proof === 'refused') throw invalidCredentials();
      const externalId = installed?.externalId ?? start?.externalId ?? randomUUID();
      const isSaved = decision === 'save' || (decision === 'prove' && proof === 'accepted');
      if (!isSaved) return externalId;
      const saved = await (installed === undefined
        ? this.installations.saveNew({ externalKey, appId, credentials, externalId })
        : this.installations.replace(installed, appId, credentials));
      if (saved) return externalId;
    }
    throw alreadyInstalled();
  }

  private async situation({ externalKey, credentials }: CompleteCallbackBody): Promise<Situation> {
    const [installed, start, generating] = await Promise.all([
      this.installations.findState(externalKey),
      this.starts.find(externalKey),
      this.requests.isRunning(externalKey),
    ]);
    // A start is valid for one installation. To replace its credentials, a new start with a secret key is required.
    const counts = start !== null && (installed === undefined || start.startedAt > installed.installedAt);
    const decision = decideCallback({
      installed: installed && (installed.credentials ?? 'unreadable'),
      start: counts ? (start.authorised ? 'authorised' : 'public') : undefined,
      generating,
      offered: credentials,
    });
    return { installed, start, decision };
  }

  /**
   * Checks credentials at Appmax. If they can't be checked, a health check of an installation that was started here is
   * acknowledged: the merchant's browser installs it. Otherwise callers that use up the checks would prevent that.
   *
   * @throws ApiError 429, 502 or 503 if they can't be checked and the installation was not started here.
   */
  private async prove(credentials: Credentials, start: InstallationStart | null): Promise<Proof> {
    try {
      return (await this.proof.accepts(credentials)) ? 'accepted' : 'refused';
    } catch (error) {
      if (start === null || !(error instanceof ApiError)) throw error;
      return 'unknown';
    }
  }

  private ownNumericAppId(): string {
    const { appIdNumeric } = this.config.appmax;
    if (appIdNumeric === undefined) throw appmaxNotConfigured('APPMAX_APP_ID_NUMERIC');
    return appIdNumeric;
  }
}
