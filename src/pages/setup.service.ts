import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxClient } from '../appmax';
import { orUndefined } from '../common/with-timeout';
import { CONFIG, type Config } from '../config';
import { ReadinessService } from '../health';
import { readFirstSteps } from './first-steps';
import {
  isPublicAddress,
  missingSettings,
  type Setting,
  SETUP_STEPS,
  type SetupState,
  type SetupStep,
} from './setup';

/** Milliseconds for which Appmax's answer about the app's credentials is kept: a token request counts as a call. */
const CREDENTIALS_MILLISECONDS = 60_000;

/** One line of the checklist. */
export interface SetupCheck {
  readonly step: SetupStep;
  readonly state: SetupState;
  /** The names of the settings that are missing. */
  readonly settings?: readonly Setting[];
}

/** Finds out what is set up and what isn't. It tells nothing of merchants but that there are some. */
@Injectable()
export class SetupService {
  private credentials: { readonly until: number; readonly state: Promise<SetupState> } | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly readiness: ReadinessService,
    private readonly appmax: AppmaxClient,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  async checks(): Promise<readonly SetupCheck[]> {
    const settings = missingSettings(this.config);
    const [ready, credentials, first] = await Promise.all([
      this.readiness.check(),
      this.credentialsState(),
      orUndefined(readFirstSteps(this.dataSource)),
    ]);
    const states: Readonly<Record<SetupStep, SetupState>> = {
      settings: stateOf(settings.length === 0),
      database: stateOf(ready.database === 'up'),
      migrations: ready.migrations === 'unknown' ? 'unknown' : stateOf(ready.migrations === 'up to date'),
      cache: stateOf(ready.cache === 'up'),
      background: stateOf(ready.background === 'running'),
      publicUrl: stateOf(isPublicAddress(this.config.publicUrl)),
      credentials,
      installation: stateOf(first?.installation),
      webhook: stateOf(first?.webhook),
      sale: stateOf(first?.sale),
    };
    return SETUP_STEPS.map((step) => ({
      step,
      state: states[step],
      ...(step === 'settings' && settings.length > 0 ? { settings } : {}),
    }));
  }

  /** Asks Appmax once a minute for a token for the app's credentials. */
  private credentialsState(): Promise<SetupState> {
    const { clientId, clientSecret } = this.config.appmax;
    if (clientId === undefined || clientSecret === undefined) return Promise.resolve('missing');
    const now = performance.now();
    if (this.credentials === undefined || this.credentials.until < now) {
      const asked = orUndefined(this.appmax.acceptsCredentials({ clientId, clientSecret }));
      this.credentials = { until: now + CREDENTIALS_MILLISECONDS, state: asked.then(stateOf) };
    }
    return this.credentials.state;
  }
}

function stateOf(isDone: boolean | undefined): SetupState {
  return isDone === undefined ? 'unknown' : isDone ? 'done' : 'missing';
}
