import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access, HoldsSecretKey, WithoutDatabase } from '../common/access/access.decorator';
import { BrowserPages } from '../common/http/browser-page';
import { CachedContent, SendsCachedContent } from '../common/http/cached-content';
import { STYLESHEET_PATH } from '../common/http/page';
import { type Home, homePage } from './home.page';
import { PagesService } from './pages.service';
import { STYLESHEET } from './stylesheet';
import { type WebhookGuide, webhookGuidePage } from './webhook-guide.page';

const STYLE = new CachedContent(STYLESHEET);

/** Serves the HTML pages of the service and their stylesheet. They are no operations of the API. */
@Controller()
@Access('public')
@WithoutDatabase()
@ApiExcludeController()
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  @BrowserPages({ answer: homePage, always: true, constant: true })
  @SendsCachedContent()
  home(): Home {
    return this.pages.home();
  }

  @Get('webhooks/appmax')
  @BrowserPages({ answer: webhookGuidePage, always: true })
  @Header('Cache-Control', 'no-store')
  webhookGuide(@HoldsSecretKey('manage') holdsSecretKey: boolean): WebhookGuide {
    return this.pages.webhookGuide(holdsSecretKey);
  }

  @Get(STYLESHEET_PATH)
  @SendsCachedContent()
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=3600')
  stylesheet(): CachedContent {
    return STYLE;
  }
}
