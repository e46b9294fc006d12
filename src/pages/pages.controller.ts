import { Controller, Get, Header } from '@nestjs/common';
import { Access } from '../common/access/access.decorator';
import { BrowserPages } from '../common/http/browser-page';
import { STYLESHEET_PATH } from '../common/http/page';
import { homePage, type Home } from './home.page';
import { PagesService } from './pages.service';
import { STYLESHEET } from './stylesheet';
import { webhookGuidePage, type WebhookGuide } from './webhook-guide.page';

/** Pages for people. */
@Controller()
@Access('public')
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  @BrowserPages({ answer: homePage, always: true })
  home(): Home {
    return this.pages.home();
  }

  @Get('webhooks/appmax')
  @BrowserPages({ answer: webhookGuidePage, always: true })
  webhookGuide(): WebhookGuide {
    return this.pages.webhookGuide();
  }

  @Get(STYLESHEET_PATH)
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=3600')
  stylesheet(): string {
    return STYLESHEET;
  }
}
