import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Access } from '../../common/access/access.decorator';
import type { Page } from '../../common/listing/page';
import { InstallationKey } from '../../common/openapi/fields';
import { Operation } from '../../common/openapi/operation';
import { PageOf } from '../../common/openapi/page-of';
import type { Tag } from '../../common/openapi/tags';
import { Idempotent } from '../../idempotency';
import { SessionAnswer } from './answers';
import { SESSION_BODIES } from './dto/examples';
import { CreateSessionDto, SessionsQueryDto } from './dto/session.dto';
import { SESSION_REFUSALS } from './errors';
import { SessionsService } from './sessions.service';

const SessionInPath = (): MethodDecorator =>
  ApiParam({ name: 'id', description: 'The id of the session.', schema: { type: 'string', maxLength: 64 } });

/** The routes by which a shop's own server makes and reads sessions. */
@Controller('checkout/:key/sessions')
@Idempotent()
@InstallationKey()
@ApiTags('Checkout sessions' satisfies Tag)
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @Access('secret', 'operate')
  @HttpCode(200)
  @Operation({
    id: 'createSession',
    summary: 'Make a checkout session',
    description:
      'Fixes what is sold and for how much. Send the shopper to `url`. A repeat with the same `reference` and body answers the same session.',
    answer: SessionAnswer,
    body: CreateSessionDto,
    bodies: SESSION_BODIES.create,
    refusals: SESSION_REFUSALS.create,
  })
  create(@Param('key') key: string, @Body() body: CreateSessionDto): Promise<SessionAnswer> {
    return this.sessions.create(key, body);
  }

  @Get()
  @Access('secret', 'read')
  @Operation({
    id: 'listSessions',
    summary: 'List the checkout sessions of a shop',
    answer: PageOf(SessionAnswer, 'SessionPage'),
    refusals: SESSION_REFUSALS.list,
  })
  list(@Param('key') key: string, @Query() query: SessionsQueryDto): Promise<Page<SessionAnswer>> {
    return this.sessions.list(key, query);
  }

  @Get(':id')
  @Access('secret', 'read')
  @SessionInPath()
  @Operation({
    id: 'getSession',
    summary: 'Get a checkout session',
    answer: SessionAnswer,
    refusals: SESSION_REFUSALS.get,
  })
  get(@Param('key') key: string, @Param('id') id: string): Promise<SessionAnswer> {
    return this.sessions.get(key, id);
  }

  @Post(':id/expire')
  @Access('secret', 'operate')
  @HttpCode(200)
  @SessionInPath()
  @Operation({
    id: 'expireSession',
    summary: 'Expire a checkout session',
    description: 'It takes no new payment. One that was sent before may still complete it.',
    answer: SessionAnswer,
    refusals: SESSION_REFUSALS.expire,
  })
  expire(@Param('key') key: string, @Param('id') id: string): Promise<SessionAnswer> {
    return this.sessions.expire(key, id);
  }
}
