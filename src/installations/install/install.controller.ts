import { Body, Controller, Get, HttpCode, Param, Post, Redirect } from '@nestjs/common';
import { ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import {
  Access,
  Audited,
  CurrentKey,
  LimitedAs,
  SECRET_KEY_SCHEME,
} from '../../common/access/access.decorator';
import { type KeyHolder, mayAct } from '../../common/access/key-holder';
import { BrowserPages } from '../../common/http/browser-page';
import { CallerAddress } from '../../common/http/client-address';
import { QueryText } from '../../common/http/query-text';
import { InstallationKey } from '../../common/openapi/fields';
import { Operation } from '../../common/openapi/operation';
import type { Tag } from '../../common/openapi/tags';
import { INSTALL_REFUSALS } from '../errors';
import { InstallAnswer, InstallationLink, InstalledAnswer } from './answers';
import { CallbackDto } from './callback/callback.dto';
import { HealthCheck } from './health-check';
import { InstallFlow } from './install-flow';
import { alreadyInstalledPage, installedPage, readinessPage, startPage, unconfirmedPage } from './pages';

/** The routes of an installation: its start, the browser's return, and Appmax's health check. */
@Controller()
@ApiTags('Installation' satisfies Tag)
export class InstallController {
  constructor(
    private readonly install: InstallFlow,
    private readonly healthCheck: HealthCheck,
  ) {}

  @Get('install/start')
  @Access('public')
  @LimitedAs('installation')
  @Audited('request')
  @BrowserPages({
    missing: startPage,
    refusal: (error, language) => (error.getStatus() === 401 ? alreadyInstalledPage(language) : undefined),
    localised: true,
  })
  @Redirect()
  @ApiSecurity({})
  @ApiSecurity(SECRET_KEY_SCHEME)
  @Operation({
    id: 'startInstallation',
    summary: 'Start an installation',
    description:
      'Redirects the merchant to Appmax. If the key is already installed, a secret key with the scope `manage` is required.',
    answerText: 'For a browser, if a parameter is missing: a form to start from.',
    texts: ['text/html'],
    refusals: INSTALL_REFUSALS.start,
  })
  @ApiResponse({
    status: 302,
    description: "Redirects to Appmax's consent page.",
    headers: { Location: { description: 'The page.', schema: { type: 'string', format: 'uri' } } },
  })
  async start(
    @CurrentKey() holder: KeyHolder | undefined,
    @QueryText('app_id', {
      description: "The app's UUID, from Appmax's email.",
      example: '5a0f3a3e-2f0b-4f3c-9b1e-8a1de9e8f111',
      required: true,
    })
    appId?: string,
    @QueryText('external_key', {
      description: 'A key of your own for the merchant, up to 255 characters.',
      example: 'shop-42',
      required: true,
    })
    externalKey?: string,
  ): Promise<{ url: string; statusCode: number }> {
    const holdsSecretKey = mayAct(holder, 'manage', externalKey);
    return { url: await this.install.start({ appId, externalKey, holdsSecretKey }), statusCode: 302 };
  }

  @Post('installations/:key/start')
  @HttpCode(200)
  @Access('secret', 'manage')
  @InstallationKey()
  @Operation({
    id: 'restartInstallation',
    summary: 'Start a new installation of a merchant who has installed the app before',
    description:
      "Answers the page at Appmax that the merchant opens. With the merchant's consent, the credentials are replaced; orders and history stay.",
    answer: InstallationLink,
    refusals: INSTALL_REFUSALS.restart,
  })
  async restart(@Param('key') key: string): Promise<InstallationLink> {
    return { url: await this.install.restart(key) };
  }

  @Get('integrations/appmax/callback/install')
  @Access('public')
  @BrowserPages({
    answer: installedPage,
    missing: readinessPage,
    refusal: ({ message }, language) => unconfirmedPage(language, message),
    localised: true,
  })
  @Operation({
    id: 'finishInstallation',
    summary: 'Finish an installation',
    description: "Appmax redirects the merchant's browser here after the consent. A browser gets a page.",
    answer: InstallAnswer,
    texts: ['text/html'],
    refusals: INSTALL_REFUSALS.finish,
  })
  finish(
    @QueryText('token', {
      description: 'The hash that Appmax gave for the installation.',
      example: '3f786850e387550fdab836ed7e6dc881',
      required: true,
    })
    token?: string,
  ): Promise<InstallAnswer> {
    return this.install.finish(token);
  }

  @Post('integrations/appmax/callback/install')
  @Access('public')
  @HttpCode(200)
  @Operation({
    id: 'confirmInstallation',
    summary: 'Confirm an installation',
    description: "Appmax's health check, with the installed merchant's key and credentials.",
    answer: InstalledAnswer,
    body: CallbackDto,
    refusals: INSTALL_REFUSALS.confirm,
  })
  confirm(@Body() body: unknown, @CallerAddress() address: string): Promise<InstalledAnswer> {
    return this.healthCheck.confirm(body, address);
  }
}
