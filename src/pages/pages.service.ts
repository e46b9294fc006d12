import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import type { Home } from './home.page';
import { missingVariables } from './missing-variables';
import type { WebhookGuide } from './webhook-guide.page';

/** What the pages tell. */
@Injectable()
export class PagesService {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  home(): Home {
    return { name: this.config.appName, missing: missingVariables(this.config) };
  }

  webhookGuide(): WebhookGuide {
    const { appmax, publicUrl } = this.config;
    return { registerAt: `${appmax.adminUrl}/v2/apphook`, webhookUrl: `${publicUrl}/webhooks/appmax` };
  }
}
