import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited, LimitedAs } from '../common/access/access.decorator';
import type { KeyHolder } from '../common/access/key-holder';
import { SecretKeys } from '../common/access/secret-keys';
import { unauthorized } from '../common/errors/refusals';
import { currentRequestId } from '../common/http/request-context';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { CONFIG, type Config } from '../config';
import { actorOf, AuditLog, KeyLookup, SignInCookie, SignIns } from '../keys';
import { ConsoleSession, SignInDto } from './console-session.dto';

/**
 * Signs browsers in to the console and out. The routes are public, because a browser without a sign-in calls them; the
 * key or the cookie is checked here.
 */
@Controller('console')
@Access('public')
@Audited('service')
@ApiTags('Console' satisfies Tag)
export class ConsoleSessionController {
  constructor(
    private readonly rootKeys: SecretKeys,
    private readonly storedKeys: KeyLookup,
    private readonly signIns: SignIns,
    private readonly cookie: SignInCookie,
    private readonly log: AuditLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('session')
  @HttpCode(200)
  @LimitedAs('installation')
  @Header('Cache-Control', 'no-store')
  @Operation({
    id: 'signIn',
    summary: 'Sign a browser in to the console',
    description: 'Sets a cookie for 12 hours, which has the rights of the key.',
    answer: ConsoleSession,
    body: SignInDto,
    refusals: [unauthorized()],
  })
  async signIn(
    @Body() { key }: SignInDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSession> {
    const holder = this.rootKeys.holderOf(key) ?? (await this.storedKeys.find(key));
    if (holder === undefined) throw unauthorized();
    await this.record(holder, 'POST /console/session');
    const { cookie, expiresAt } = await this.signIns.create(holder, key);
    void reply.header('Set-Cookie', cookie);
    return this.sessionOf(holder, expiresAt);
  }

  @Get('session')
  @Header('Cache-Control', 'no-store')
  @Operation({
    id: 'getConsoleSession',
    summary: 'The rights of the browser that is signed in',
    answer: ConsoleSession,
    refusals: [unauthorized()],
  })
  async get(@Req() request: FastifyRequest): Promise<ConsoleSession> {
    const holder = await this.holderOf(request);
    return this.sessionOf(holder, holder.signedInUntil!);
  }

  @Delete('session')
  @Operation({
    id: 'signOut',
    summary: 'Sign a browser out of the console',
    answer: ConsoleSession,
    refusals: [unauthorized()],
  })
  signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSession> {
    return this.end(request, reply, { everywhere: false });
  }

  @Delete('sessions')
  @Operation({
    id: 'signOutEverywhere',
    summary: 'Sign out all browsers that are signed in with the same key',
    answer: ConsoleSession,
    refusals: [unauthorized()],
  })
  signOutEverywhere(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSession> {
    return this.end(request, reply, { everywhere: true });
  }

  private async end(
    request: FastifyRequest,
    reply: FastifyReply,
    { everywhere }: { readonly everywhere: boolean },
  ): Promise<ConsoleSession> {
    const holder = await this.holderOf(request);
    await this.record(holder, `DELETE /console/session${everywhere ? 's' : ''}`);
    await this.signIns.end(request.headers, everywhere);
    void reply.header('Set-Cookie', this.cookie.remove());
    return this.sessionOf(holder, new Date());
  }

  private async holderOf(request: FastifyRequest): Promise<KeyHolder> {
    const holder = await this.signIns.holderOf(request);
    if (holder === undefined) throw unauthorized();
    return holder;
  }

  private async record(holder: KeyHolder, action: string): Promise<void> {
    await this.log.record({
      actor: actorOf(holder),
      action,
      externalKey: holder.shop?.externalKey,
      requestId: currentRequestId(),
      status: 200,
    });
  }

  private sessionOf({ name, scopes, shop }: KeyHolder, expiresAt: Date): ConsoleSession {
    return {
      name,
      scopes: [...scopes],
      external_key: shop?.externalKey ?? null,
      environment: this.config.appmax.environment,
      expires_at: expiresAt.toISOString(),
    };
  }
}
