import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, HoldsSecretKey, WithoutDatabase } from '../common/access/access.decorator';
import { BrowserPages } from '../common/http/browser-page';
import { SendsCachedContent } from '../common/http/cached-content';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { type Home, homePage } from './home.page';
import { PagesService } from './pages.service';
import { type WebhookGuide, webhookGuidePage } from './webhook-guide.page';

/** Serves the HTML pages of the service. */
@Controller()
@Access('public')
@WithoutDatabase()
@ApiTags('Pages' satisfies Tag)
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  @BrowserPages({
    answer: homePage,
    always: true,
    localised: true,
    // What needs a key is in no cache.
    constant: ({ checks }: Home) => checks === undefined,
  })
  @SendsCachedContent()
  @Operation({ id: 'getHomePage', summary: 'Home page', texts: ['text/html'] })
  home(@HoldsSecretKey('manage') holdsSecretKey: boolean): Promise<Home> {
    return this.pages.home(holdsSecretKey);
  }

  @Get('webhooks/appmax')
  @BrowserPages({ answer: webhookGuidePage, always: true, localised: true })
  @Operation({
    id: 'getWebhookGuide',
    summary: 'Guide to register the webhook at Appmax',
    texts: ['text/html'],
  })
  @Header('Cache-Control', 'no-store')
  webhookGuide(@HoldsSecretKey('manage') holdsSecretKey: boolean): WebhookGuide {
    return this.pages.webhookGuide(holdsSecretKey);
  }
}
