import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ACCESS, type AccessLevel, AUDITED, type AuditedBy } from '../common/access/access.decorator';
import { type KeyHolder, type RequestAccess, shopInPath } from '../common/access/key-holder';
import { RouteMetadata } from '../common/access/route-metadata';
import { fitsIntoPath } from '../common/http/path-key';
import { currentRequestId } from '../common/http/request-context';
import { INT32_MAX } from '../common/validation/validators';
import { actorOf } from './actor';
import { AuditLog } from './audit-log';

type AuditedRequest = FastifyRequest & RequestAccess & { auditEntryId?: number };

/** The decorators of a route that decide if its requests are recorded. */
interface DeclaredAudit {
  readonly by: AuditedBy | undefined;
  readonly level: AccessLevel | undefined;
}

/**
 * Records every change that a request makes with a secret key. The entry is written before the change, so that a crash
 * can't lose it, and gets the status of the answer before that is sent. If it can't be written, the request fails.
 *
 * It is a guard, because an interceptor for all routes costs every request, also those that are never recorded. It runs
 * after the guards that refuse requests: what they refuse is not recorded.
 */
@Injectable()
export class AuditGuard implements CanActivate {
  private readonly logger = new Logger('Audit');
  private readonly declared: RouteMetadata<DeclaredAudit>;

  constructor(
    reflector: Reflector,
    private readonly log: AuditLog,
  ) {
    this.declared = new RouteMetadata(reflector, (declared) => ({
      by: declared(AUDITED) as AuditedBy | undefined,
      level: declared(ACCESS) as AccessLevel | undefined,
    }));
  }

  /** Adds the status of their answers to the entries. Must be called before the server listens. */
  recordStatuses(fastify: FastifyInstance): void {
    fastify.addHook('onSend', ({ auditEntryId: id }: AuditedRequest, { statusCode }, _, done) => {
      if (id === undefined) done();
      else
        void this.finish(id, statusCode).then(() => {
          done();
        });
    });
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuditedRequest>();
    const { keyHolder } = request;
    if (keyHolder === undefined || !isAudited(request, this.declared.of(context))) return true;
    return this.record(request, keyHolder);
  }

  private async record(request: AuditedRequest, holder: KeyHolder): Promise<true> {
    request.auditEntryId = await this.log.record({
      actor: actorOf(holder),
      action: `${request.method} ${request.routeOptions.url ?? ''}`,
      externalKey: shopOf(request) ?? holder.shop?.externalKey,
      subjectId: subjectOf(request),
      requestId: currentRequestId(),
    });
    return true;
  }

  /** The change has been made already: a failure here must not tell the client otherwise. */
  private async finish(id: number, status: number): Promise<void> {
    try {
      await this.log.finish(id, status);
    } catch (error) {
      this.logger.error({ err: error }, 'The status of an action could not be recorded in the audit log');
    }
  }
}

function isAudited({ method, holdsSecretKey }: AuditedRequest, { by, level }: DeclaredAudit): boolean {
  if (by !== undefined) return by === 'request' && method !== 'HEAD';
  if (method === 'GET' || method === 'HEAD') return false;
  return level === 'secret' || (level === 'storefront' && holdsSecretKey === true);
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
