import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Access } from '../common/access/access.decorator';
import { BrowserPage } from '../common/http/browser-page';
import { page } from '../common/http/page';
import { ReadinessService, type Readiness } from './readiness.service';

/** Whether the service runs, and whether it can work. */
@Controller('health')
@Access('public')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get()
  @BrowserPage(() => page('Running', ['The service is running.']))
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @HttpCode(200)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readiness.check();
    void reply.status(this.readiness.httpStatus(readiness));
    return readiness;
  }
}
