import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { type BodyParser, jsonParserOf, type RequestWithText } from '../../common/http/server/json-body';
import { inCurrentTrace } from '../../common/tracing/spans';
import { CONFIG, type Config } from '../../config';
import { SchemaState } from '../../database';
import { hasValidToken } from './webhook-token.guard';
import { WEBHOOK_BODY_LIMIT_BYTES, WEBHOOK_PATH } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

/**
 * Answers usual webhooks before Fastify reads their bodies and Nest calls its guards: those would all accept them without
 * looking anything up, and together they cost more than the rest of the route. All other requests take the usual way,
 * which refuses them or not.
 */
@Injectable()
export class DirectWebhookRoute {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly schema: SchemaState,
    private readonly webhooks: WebhooksService,
  ) {}

  /** Adds a hook to the webhooks' route, after those of all routes; must be called before the application starts. */
  attach(fastify: FastifyInstance): void {
    const parse = jsonParserOf(fastify);
    fastify.addHook('onRoute', (route) => {
      if (route.url === `/${WEBHOOK_PATH}` && route.method === 'POST')
        route.onRequest = [...[route.onRequest ?? []].flat(), this.answerUsual(parse)];
    });
  }

  private answerUsual(parse: BodyParser): onRequestHookHandler {
    return (request, reply, done) => {
      if (!this.isUsual(request)) {
        done();
        return;
      }
      const answerText = inCurrentTrace((text: string) => {
        parse(request, text, (error, body) => {
          if (error === null) this.answer(request, reply, body);
          else void reply.header('connection', 'close').send(error);
        });
      });
      readText(request.raw, answerText);
    };
  }

  private answer(request: RequestWithText, reply: FastifyReply, body: unknown): void {
    this.webhooks.receive({ body, text: request.bodyText ?? '' }).then(
      (answer) => reply.send(answer),
      // Fastify passes it to Nest's exception filter.
      (error: unknown) => reply.send(error),
    );
  }

  /** Returns true if the body is plain JSON, and no guard of the route would refuse the request, read a key, or count it. */
  private isUsual({ headers, query }: FastifyRequest): boolean {
    if (headers.authorization !== undefined || this.schema.fault !== undefined || !isPlainJson(headers))
      return false;
    const { token } = query as { token?: unknown };
    const hasOtherParameters = Object.keys(query as object).length > (typeof token === 'string' ? 1 : 0);
    return !hasOtherParameters && hasValidToken(this.config.webhookToken, token);
  }
}

/** Returns true if a body is JSON of a known size within the limit of webhooks. Node reads no more than this size. */
function isPlainJson(headers: IncomingHttpHeaders): boolean {
  return (
    /^application\/json(?:; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
    Number(headers['content-length'] ?? Infinity) <= WEBHOOK_BODY_LIMIT_BYTES
  );
}

/** Reads a body whose size is bounded. If the client goes away meanwhile, `done` is not called. */
function readText(request: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    done(Buffer.concat(chunks).toString());
  });
}
