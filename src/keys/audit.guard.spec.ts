import { type CanActivate, Controller, type ExecutionContext, Get, Module, Post } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Access } from '../common/access/access.decorator';
import type { RequestAccess } from '../common/access/key-holder';
import { notReady } from '../common/errors/database-unavailable';
import { AuditGuard } from './audit.guard';
import { type AuditedAction, AuditLog } from './audit-log';

/** What happened, in its sequence. */
let steps: string[];
let logWorks: boolean;

const LOG = {
  record: ({ action, actor: { name } }: AuditedAction): Promise<number> => {
    if (!logWorks) return Promise.reject(new Error('no database'));
    steps.push(`${name}: ${action}`);
    return Promise.resolve(7);
  },
  finish: (id: number, status: number): Promise<void> => {
    if (!logWorks) return Promise.reject(new Error('no database'));
    steps.push(`entry ${id}: ${status}`);
    return Promise.resolve();
  },
};

/** Stands in for the access guard: each request with a key has the same holder. */
class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest & RequestAccess>();
    if (request.headers.authorization !== undefined)
      request.keyHolder = { id: 1, name: 'shop', scopes: ['operate'], shop: undefined, expiresAt: undefined };
    return true;
  }
}

@Controller()
@Access('secret', 'operate')
class SomeController {
  @Post('change')
  change(): string {
    steps.push('changed');
    return 'done';
  }

  @Post('outage')
  outage(): never {
    throw notReady();
  }

  @Post('log-outage')
  logOutage(): string {
    logWorks = false;
    return 'done';
  }

  @Get('read')
  read(): string {
    return 'read';
  }
}

@Module({
  controllers: [SomeController],
  providers: [
    { provide: AuditLog, useValue: LOG },
    AuditGuard,
    { provide: APP_GUARD, useClass: KeyGuard },
    { provide: APP_GUARD, useExisting: AuditGuard },
  ],
})
class SomeModule {}

describe('The audit guard', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(SomeModule, new FastifyAdapter(), {
      logger: false,
    });
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    app.get(AuditGuard).recordStatuses(fastify);
    await app.init();
  });

  beforeEach(() => {
    steps = [];
    logWorks = true;
  });

  afterAll(() => app.close());

  const send = async (method: 'GET' | 'POST', url: string, headers = {}): Promise<number> =>
    (await app.inject({ method, url, headers })).statusCode;
  const withKey = { authorization: 'Bearer key' };

  it('a change with a key is recorded before it is made, and its status afterwards', async () => {
    expect(await send('POST', '/change', withKey)).toBe(201);
    expect(steps).toEqual(['shop: POST /change', 'changed', 'entry 7: 201']);
  });

  it('the status of an error is that of its answer', async () => {
    expect(await send('POST', '/outage', withKey)).toBe(503);
    expect(steps).toEqual(['shop: POST /outage', 'entry 7: 503']);
  });

  it('a reading, and a request without a key, are not recorded', async () => {
    expect([await send('GET', '/read', withKey), await send('POST', '/change')]).toEqual([200, 201]);
    expect(steps).toEqual(['changed']);
  });

  it('nothing is changed if the entry can not be written', async () => {
    logWorks = false;
    expect(await send('POST', '/change', withKey)).toBe(500);
    expect(steps).toEqual([]);
  });

  it('a change is answered as made, although its status can not be recorded', async () => {
    expect(await send('POST', '/log-outage', withKey)).toBe(201);
    expect(steps).toEqual(['shop: POST /log-outage']);
  });
});
