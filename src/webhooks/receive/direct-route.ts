import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { RequestWithText } from '../../common/http/server/json-body';
import { CONFIG, type Config } from '../../config';
import { SchemaState } from '../../database';
import { hasValidToken } from './webhook-token.guard';
import { WEBHOOK_PATH } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

/**
 * Lets usual webhooks pass Nest by: their guards would all accept them without looking anything up, and Nest's handling of
 * a request costs more than the rest of the route. All other requests are handled by Nest, which refuses them or not.
 */
@Injectable()
export class DirectWebhookRoute {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly schema: SchemaState,
    private readonly webhooks: WebhooksService,
  ) {}

  /** Sets the handler of the webhooks' route; must be called before the application starts. */
  attach(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => {
      if (route.url === `/${WEBHOOK_PATH}` && route.method === 'POST')
        route.handler = this.before(route.handler);
    });
  }

  private before(handler: RouteHandlerMethod): RouteHandlerMethod {
    const { webhooks } = this;
    const isUsual = this.isUsual.bind(this);
    return function (request: FastifyRequest, reply: FastifyReply): unknown {
      if (!isUsual(request)) return handler.call(this, request, reply);
      const { body, bodyText = '' } = request as RequestWithText;
      webhooks.receive({ body, text: bodyText }).then(
        (answer) => reply.send(answer),
        // Fastify passes it to Nest's exception filter.
        (error: unknown) => reply.send(error),
      );
      return undefined;
    };
  }

  /** Returns true if no guard of the route would refuse the request, read a key, or count it. */
  private isUsual({ headers, query }: FastifyRequest): boolean {
    if (headers.authorization !== undefined || this.schema.fault !== undefined) return false;
    const { token } = query as { token?: unknown };
    const hasOtherParameters = Object.keys(query as object).length > (typeof token === 'string' ? 1 : 0);
    return !hasOtherParameters && hasValidToken(this.config.webhookToken, token);
  }
}
