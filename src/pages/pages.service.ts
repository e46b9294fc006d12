import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { addressesOf } from './addresses';
import type { Home } from './home.page';
import { isLoopback } from './setup';
import { SetupService } from './setup.service';
import type { WebhookGuide } from './webhook-guide.page';

/** Collects the data that the pages show. */
@Injectable()
export class PagesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly setup: SetupService,
  ) {}

  /**
   * Returns the home page's data. The checklist is for holders of a secret key; on a developer's machine, which no one else
   * reaches, for all.
   */
  async home(holdsSecretKey: boolean): Promise<Home> {
    const { appName, environment, publicUrl, appmax } = this.config;
    const { callback, install } = addressesOf(this.config);
    const isOwnMachine = environment === 'local' && isLoopback(publicUrl);
    return {
      name: appName,
      environment: appmax.environment,
      callbackUrl: callback,
      installUrl: install,
      webhook: this.webhookGuide(holdsSecretKey),
      ...(holdsSecretKey || isOwnMachine ? { checks: await this.setup.checks() } : {}),
    };
  }

  /** @param holdsSecretKey true if the reader may see the token that webhooks must have. */
  webhookGuide(holdsSecretKey: boolean): WebhookGuide {
    const { appmax, webhookToken } = this.config;
    const address = addressesOf(this.config).webhook;
    const shown = holdsSecretKey && webhookToken !== undefined;
    return {
      registerAt: `${appmax.adminUrl}/v2/apphook`,
      webhookUrl: shown ? `${address}?${new URLSearchParams({ token: webhookToken }).toString()}` : address,
      hidesToken: webhookToken !== undefined && !shown,
    };
  }
}
