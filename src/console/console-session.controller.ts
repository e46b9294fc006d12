import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Audited, LimitedAs } from '../common/access/access.decorator';
import type { KeyHolder } from '../common/access/key-holder';
import { SecretKeys } from '../common/access/secret-keys';
import { tooManyRequests, unauthorized } from '../common/errors/refusals';
import { currentRequestId } from '../common/http/request-context';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { CONFIG, type Config } from '../config';
import { actorOf, AuditLog, KeyLookup, type SignedInHolder, SignInCookie, SignIns } from '../keys';
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
  @LimitedAs('sign_in')
  @Operation({
    id: 'signIn',
    summary: 'Sign a browser in to the console',
    description:
      'Sets a cookie for 12 hours (at most until the key expires), which has the rights of the key on all routes ' +
      'that need one. It ends at once if the key is revoked. Changes with the cookie need the header `X-Console`, ' +
      'with any value; without it they get 401.',
    answer: ConsoleSession,
    body: SignInDto,
    refusals: [unauthorized(), tooManyRequests(60)],
  })
  async signIn(
    @Body() { key }: SignInDto,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConsoleSession> {
    const holder = this.rootKeys.holderOf(key) ?? (await this.storedKeys.find(key));
    if (holder === undefined) throw unauthorized();
    const { cookie, expiresAt } = await this.audited(holder, 'POST /console/session', () =>
      this.signIns.create(holder, key, headers),
    );
    void reply.header('Set-Cookie', cookie);
    return this.sessionOf(holder, expiresAt);
  }

  @Get('session')
  @Operation({
    id: 'getConsoleSession',
    summary: 'The rights of the browser that is signed in',
    answer: ConsoleSession,
    refusals: [unauthorized()],
  })
  async get(@Req() request: FastifyRequest): Promise<ConsoleSession> {
    const holder = await this.holderOf(request);
    return this.sessionOf(holder, holder.signedInUntil);
  }

  @Delete('session')
  @Operation({
    id: 'signOut',
    summary: 'Sign a browser out of the console',
    description: 'Needs the cookie and the header `X-Console`.',
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
    description: 'Needs the cookie and the header `X-Console`.',
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
    await this.audited(holder, `DELETE /console/session${everywhere ? 's' : ''}`, () =>
      this.signIns.end(request.headers, everywhere),
    );
    void reply.header('Set-Cookie', this.cookie.remove());
    return this.sessionOf(holder, new Date());
  }

  private async holderOf(request: FastifyRequest): Promise<SignedInHolder> {
    const holder = await this.signIns.holderOf(request);
    if (holder === undefined) throw unauthorized();
    return holder;
  }

  /** Records an action before it is done, and its status afterwards: a crash can't lose the entry. */
  private async audited<Value>(holder: KeyHolder, action: string, act: () => Promise<Value>): Promise<Value> {
    const externalKey = holder.shop?.externalKey;
    const entry = { actor: actorOf(holder), action, externalKey, requestId: currentRequestId() };
    const id = await this.log.record(entry);
    try {
      const value = await act();
      await this.log.finish(id, 200);
      return value;
    } catch (error) {
      await this.log.finish(id, 500);
      throw error;
    }
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
