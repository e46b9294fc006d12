import { Body, Controller, Get, HttpCode, Post, Redirect } from '@nestjs/common';
import { Access, HoldsSecretKey } from '../common/access/access.decorator';
import { BrowserPage } from '../common/http/browser-page';
import { QueryText } from '../common/http/query-text';
import { InstallService, type InstallAnswer } from './install.service';
import { installedPage } from './installed.page';

/** How a merchant installs the app. */
@Controller()
export class InstallController {
  constructor(private readonly install: InstallService) {}

  @Get('install/start')
  @Access('public')
  @Redirect()
  async start(
    @HoldsSecretKey() holdsSecretKey: boolean,
    @QueryText('app_id') appId?: string,
    @QueryText('external_key') externalKey?: string,
  ): Promise<{ url: string; statusCode: number }> {
    return { url: await this.install.start({ appId, externalKey, holdsSecretKey }), statusCode: 302 };
  }

  @Get('integrations/appmax/callback/install')
  @Access('public')
  @BrowserPage(installedPage)
  finish(@QueryText('token') token?: string): Promise<InstallAnswer> {
    return this.install.finish(token);
  }

  @Post('integrations/appmax/callback/install')
  @Access('public')
  @HttpCode(200)
  confirm(@Body() body: unknown): Promise<InstallAnswer> {
    return this.install.confirm(body);
  }
}
