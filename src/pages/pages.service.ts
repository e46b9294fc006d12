import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import type { Home } from './home.page';
import { missingVariables } from './missing-variables';
import type { WebhookGuide } from './webhook-guide.page';

/** Collects the data that the pages show. */
@Injectable()
export class PagesService {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  home(): Home {
    return { name: this.config.appName, missing: missingVariables(this.config) };
  }

  /** @param holdsSecretKey true if the reader may see the token that webhooks must have. */
  webhookGuide(holdsSecretKey: boolean): WebhookGuide {
    const { appmax, publicUrl, webhookToken } = this.config;
    const address = `${publicUrl}/webhooks/appmax`;
    const shown = holdsSecretKey && webhookToken !== undefined;
    return {
      registerAt: `${appmax.adminUrl}/v2/apphook`,
      webhookUrl: shown ? `${address}?${new URLSearchParams({ token: webhookToken }).toString()}` : address,
      hidesToken: webhookToken !== undefined && !shown,
    };
  }
}
