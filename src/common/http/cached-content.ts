import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';

/** Content that is sent as the same bytes each time, with an ETag. Create it once and keep it. */
export class CachedContent {
  readonly bytes: Buffer;
  readonly etag: string;

  constructor(content: string | Buffer) {
    this.bytes = Buffer.from(content);
    this.etag = `"${createHash('sha256').update(this.bytes).digest('base64url')}"`;
  }
}

/** Makes a route send {@link CachedContent}, and documents it: with its ETag in `If-None-Match`, the answer is 304. */
export function SendsCachedContent(): MethodDecorator {
  const header = ApiHeader({
    name: 'If-None-Match',
    description: 'The ETag of an earlier answer.',
    required: false,
    schema: { type: 'string' },
  });
  const response = ApiResponse({ status: 304, description: 'The content is that of the ETag.' });
  return (target, key, descriptor) => {
    header(target, key, descriptor);
    response(target, key, descriptor);
    UseInterceptors(CachedContentInterceptor)(target, key, descriptor);
  };
}

/** Sends {@link CachedContent}, or 304 if the client has it already. */
@Injectable()
export class CachedContentInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((answer: unknown) => {
        if (!(answer instanceof CachedContent)) return answer;
        const http = context.switchToHttp();
        const reply = http.getResponse<FastifyReply>();
        void reply.header('ETag', answer.etag);
        // Browsers keep a copy and ask each time if it is still valid, unless the route allows more.
        if (reply.getHeader('Cache-Control') === 'no-store') void reply.header('Cache-Control', 'no-cache');
        const { headers } = http.getRequest<FastifyRequest>();
        if (!matches(headers['if-none-match'], answer.etag)) return answer.bytes;
        void reply.status(304);
        return undefined;
      }),
    );
  }
}

/** Returns true if an `If-None-Match` header is `*` or lists the ETag, also as a weak one, as proxies make it. */
export function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
