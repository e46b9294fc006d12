import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, WithoutDatabase } from '../common/access/access.decorator';
import { BrowserPages } from '../common/http/browser-page';
import { SendsCachedContent } from '../common/http/cached-content';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { OneOf } from '../common/validation/validators';
import { livenessPage, readinessPage } from './readiness.page';
import { Readiness, ReadinessService } from './readiness.service';

/** The response of the liveness route. */
export class Liveness {
  @OneOf(['ok'], { description: 'Always `ok`.', example: 'ok' })
  readonly status: 'ok';
}

/** Liveness and readiness routes. */
@Controller('health')
@ApiTags('Health' satisfies Tag)
@Access('public')
@WithoutDatabase()
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get()
  @BrowserPages({ answer: livenessPage, constant: true, localised: true })
  @SendsCachedContent()
  @Operation({
    id: 'getLiveness',
    summary: 'Check that the service runs',
    description: 'Checks nothing but the process itself. Browsers get a page.',
    answer: Liveness,
    texts: ['text/html'],
  })
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('ready')
  @HttpCode(200)
  @BrowserPages({ answer: readinessPage, localised: true })
  @Operation({
    id: 'getReadiness',
    summary: 'Check that the service is ready',
    description: 'Checks PostgreSQL, its schema, the cache and the background work. Browsers get a page.',
    answer: Readiness,
    answerText: 'The service is ready.',
    texts: ['text/html'],
  })
  @ApiResponse({ status: 503, description: 'The service is not ready.', type: Readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.check();
    void reply.status(this.readiness.httpStatus(readiness));
    return readiness;
  }
}
