import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { acceptedEncoding, type Encoding } from './preferences';

/** Content below this size takes one packet anyway. */
const COMPRESSED_FROM_BYTES = 1024;
/** The best quality takes Brotli seconds for a megabyte. */
const BEST_QUALITY_BYTES = 128 * 1024;

const COMPRESS: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > BEST_QUALITY_BYTES ? 6 : 11 },
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** The bytes of an answer, their ETag, and their compression; undefined: none. */
export interface EncodedContent {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly encoding: Encoding | undefined;
}

/**
 * Content that is sent as the same bytes each time, with an ETag, compressed for clients that accept that. It is compressed
 * once. Create it once and keep it.
 */
export class CachedContent implements EncodedContent {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly encoding = undefined;
  private readonly compressed = new Map<Encoding, Promise<EncodedContent>>();

  constructor(content: string | Buffer) {
    this.bytes = Buffer.from(content);
    this.etag = etagOf(this.bytes);
  }

  /** Returns the content compressed, or as it is if that saves nothing. */
  encodedAs(encoding: Encoding | undefined): Promise<EncodedContent> {
    if (encoding === undefined || this.bytes.length < COMPRESSED_FROM_BYTES) return Promise.resolve(this);
    const known = this.compressed.get(encoding) ?? this.compress(encoding);
    this.compressed.set(encoding, known);
    return known;
  }

  private async compress(encoding: Encoding): Promise<EncodedContent> {
    const bytes = await COMPRESS[encoding](this.bytes);
    return bytes.length < this.bytes.length ? { bytes, etag: etagOf(bytes), encoding } : this;
  }
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('sha256').update(bytes).digest('base64url')}"`;
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
      mergeMap(async (answer: unknown) => {
        if (!(answer instanceof CachedContent)) return answer;
        const http = context.switchToHttp();
        const reply = http.getResponse<FastifyReply>();
        const { headers } = http.getRequest<FastifyRequest>();
        const { bytes, etag, encoding } = await answer.encodedAs(
          acceptedEncoding(headers['accept-encoding']?.toString()),
        );
        const vary = reply.getHeader('Vary');
        void reply.header('ETag', etag);
        void reply.header(
          'Vary',
          vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`,
        );
        // Browsers keep a copy and ask each time if it is still valid, unless the route allows more.
        if (reply.getHeader('Cache-Control') === 'no-store') void reply.header('Cache-Control', 'no-cache');
        if (matches(headers['if-none-match'], etag)) {
          void reply.status(304);
          return undefined;
        }
        if (encoding !== undefined) void reply.header('Content-Encoding', encoding);
        return bytes;
      }),
    );
  }
}

/** Returns true if an `If-None-Match` header is `*` or lists the ETag, also as a weak one, as proxies make it. */
export function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
