import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Logger,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ACCESS, type AccessLevel, AUDITED, type AuditedBy } from '../common/access/access.decorator';
import { type KeyHolder, type RequestAccess, shopInPath } from '../common/access/key-holder';
import { RouteMetadata } from '../common/access/route-metadata';
import { fitsIntoPath } from '../common/http/path-key';
import { INT32_MAX } from '../common/validation/validators';
import { actorOf } from './actor';
import { AuditLog } from './audit-log';

type AuditedRequest = FastifyRequest &
  RequestAccess & {
    /** The id of the request's entry, if it has one. */
    auditEntry?: number | undefined;
  };

/** The declarations of a route's decorators. */
interface DeclaredAudit {
  readonly by: AuditedBy | undefined;
  readonly level: AccessLevel | undefined;
}

/**
 * Records every change that a request makes with a secret key. The entry is written before the change, so that a crash
 * can't lose it. If it can't be written, the request fails. It gets the status of the answer when that is sent.
 *
 * A guard and a hook, and not an interceptor: Nest runs the chain of interceptors for all routes if there is a global one,
 * and the chain costs more than the rest of a status route.
 */
@Injectable()
export class AuditTrail implements CanActivate, OnApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly declared: RouteMetadata<DeclaredAudit>;
  /** The updates that are under way. */
  private readonly finishing = new Set<Promise<void>>();

  constructor(
    reflector: Reflector,
    private readonly log: AuditLog,
  ) {
    this.declared = new RouteMetadata(reflector, (declared) => ({
      by: declared(AUDITED) as AuditedBy | undefined,
      level: declared(ACCESS) as AccessLevel | undefined,
    }));
  }

  /** Adds the hook that ends entries; must be called before the application starts. */
  watch(fastify: FastifyInstance): void {
    fastify.decorateRequest('auditEntry');
    fastify.addHook('onSend', (request: AuditedRequest, reply, _payload, done) => {
      const { auditEntry: id } = request;
      // Not awaited: Nest takes the answer as not sent if a hook takes longer than the route.
      if (id !== undefined) this.finish(id, reply.statusCode);
      done();
    });
  }

  /** Waits until the entries of the last requests have their status. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.finishing);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuditedRequest>();
    const { keyHolder } = request;
    if (keyHolder === undefined || !this.isAudited(request, context)) return true;
    return this.record(keyHolder, request);
  }

  private async record(holder: KeyHolder, request: AuditedRequest): Promise<boolean> {
    request.auditEntry = await this.log.record({
      actor: actorOf(holder),
      action: `${request.method} ${request.routeOptions.url ?? ''}`,
      externalKey: shopOf(request) ?? holder.shop?.externalKey,
      subjectId: subjectOf(request),
      requestId: request.id,
    });
    return true;
  }

  /** The change has been made already: a failure here must not tell the client otherwise. */
  private finish(id: number, status: number): void {
    const finished: Promise<void> = this.log
      .finish(id, status)
      .catch((error: unknown) => {
        this.logger.error({ err: error }, 'The status of an action could not be recorded in the audit log');
      })
      .finally(() => this.finishing.delete(finished));
    this.finishing.add(finished);
  }

  private isAudited({ method, holdsSecretKey }: AuditedRequest, context: ExecutionContext): boolean {
    const { by, level } = this.declared.of(context);
    if (by !== undefined) return by === 'request' && method !== 'HEAD';
    if (method === 'GET' || method === 'HEAD') return false;
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
