import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ACCESS, type AccessLevel, AUDITED, type AuditedBy } from '../common/access/access.decorator';
import { type KeyHolder, type RequestAccess, shopInPath } from '../common/access/key-holder';
import { fitsIntoPath } from '../common/http/path-key';
import { currentRequestId } from '../common/http/request-context';
import { INT32_MAX } from '../common/validation/validators';
import { actorOf } from './actor';
import { AuditLog } from './audit-log';

type AuditedRequest = FastifyRequest & RequestAccess;

/**
 * Records every change that a request makes with a secret key. The entry is written before the change, so that a crash
 * can't lose it, and gets the status of the answer afterwards. If it can't be written, the request fails.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Audit');

  constructor(
    private readonly reflector: Reflector,
    private readonly log: AuditLog,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuditedRequest>();
    const { keyHolder } = request;
    if (keyHolder === undefined || !this.isAudited(request, context)) return next.handle();
    return from(this.record(keyHolder, context, next));
  }

  private async record(holder: KeyHolder, context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<AuditedRequest>();
    const id = await this.log.record({
      actor: actorOf(holder),
      action: `${request.method} ${request.routeOptions.url ?? ''}`,
      externalKey: shopOf(request) ?? holder.shop?.externalKey,
      subjectId: subjectOf(request),
      requestId: currentRequestId(),
    });
    try {
      const answer: unknown = await lastValueFrom(next.handle());
      await this.finish(id, http.getResponse<FastifyReply>().statusCode);
      return answer;
    } catch (error) {
      await this.finish(id, error instanceof HttpException ? error.getStatus() : 500);
      throw error;
    }
  }

  /** The change has been made already: a failure here must not tell the client otherwise. */
  private async finish(id: number, status: number): Promise<void> {
    try {
      await this.log.finish(id, status);
    } catch (error) {
      this.logger.error({ err: error }, 'The status of an action could not be recorded in the audit log');
    }
  }

  private isAudited({ method, holdsSecretKey }: AuditedRequest, context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const by = this.reflector.getAllAndOverride<AuditedBy | undefined>(AUDITED, targets);
    if (by !== undefined) return by === 'request' && method !== 'HEAD';
    if (method === 'GET' || method === 'HEAD') return false;
    const level = this.reflector.getAllAndOverride<AccessLevel | undefined>(ACCESS, targets);
    return level === 'secret' || (level === 'storefront' && holdsSecretKey === true);
  }
}

/** Returns the shop that a request names in its path or, to start an installation, in its query. */
function shopOf(request: FastifyRequest): string | undefined {
  const { external_key: inQuery } = request.query as { external_key?: unknown };
  const key = shopInPath(request) ?? inQuery;
  return typeof key === 'string' && fitsIntoPath(key) && !key.includes('\0') ? key : undefined;
}

/** Returns the id that a request names. Longer numbers than ids are left out: they may be documents or phones. */
function subjectOf({ params, body }: FastifyRequest): number | undefined {
  const { id, order_id: inPath } = params as { id?: string; order_id?: string };
  const { order_id: inBody } = (typeof body === 'object' && body !== null ? body : {}) as {
    order_id?: unknown;
  };
  const named = Number(id ?? inPath ?? inBody);
  return Number.isInteger(named) && named > 0 && named <= INT32_MAX ? named : undefined;
}
