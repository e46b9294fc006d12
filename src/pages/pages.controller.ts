import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access, HoldsSecretKey, WithoutDatabase } from '../common/access/access.decorator';
import { BrowserPages } from '../common/http/browser-page';
import { SendsCachedContent } from '../common/http/cached-content';
import { type Home, homePage } from './home.page';
import { PagesService } from './pages.service';
import { type WebhookGuide, webhookGuidePage } from './webhook-guide.page';

/** Serves the HTML pages of the service. They are no operations of the API. */
@Controller()
@Access('public')
@WithoutDatabase()
@ApiExcludeController()
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  @BrowserPages({
    answer: homePage,
    always: true,
    localised: true,
    // Content that needs a key is in no cache.
    constant: ({ checks }: Home) => checks === undefined,
  })
  @SendsCachedContent()
  home(@HoldsSecretKey('manage') holdsSecretKey: boolean): Promise<Home> {
    return this.pages.home(holdsSecretKey);
  }

  @Get('webhooks/appmax')
  @BrowserPages({ answer: webhookGuidePage, always: true, localised: true })
  @Header('Cache-Control', 'no-store')
  webhookGuide(@HoldsSecretKey('manage') holdsSecretKey: boolean): WebhookGuide {
    return this.pages.webhookGuide(holdsSecretKey);
  }
}
