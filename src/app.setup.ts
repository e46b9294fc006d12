import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module';
import { STATUS_PATH } from './checkout';
import { readForwardedAddresses } from './common/http/client-address';
import { LONGEST_PATH_PARAMETER } from './common/http/path-key';
import { requestIdFrom } from './common/http/request-context';
import { assignRequestIds } from './common/http/server/assign-request-ids';
import { closeConnectionsWhenStopping, connectionLimits } from './common/http/server/connection-limits';
import { allowOrigins } from './common/http/server/cors';
import { refuseAddress, refuseUnreadable } from './common/http/server/early-refusals';
import { BODY_LIMIT_BYTES, limitBodies, readJsonBodies } from './common/http/server/json-body';
import { secureAnswers } from './common/http/server/security-headers';
import { OpenApiDocument } from './common/openapi/openapi-document';
import { traceRequests } from './common/tracing/request-trace';
import type { Config } from './config';
import { AuditTrail } from './keys';
import { logRequests, openLog } from './logging';
import { RequestDurations } from './metrics';
import { startTracing } from './tracing';
import { DirectWebhookRoute, WEBHOOK_BODY_LIMIT_BYTES, WEBHOOK_PATH } from './webhooks';

/** Time that the service itself may need for a response, in addition to the timeouts of its calls to Appmax. */
const OWN_SECONDS = 30;

/** Creates the Fastify adapter with everything that runs before a route: limits, request ids, JSON bodies. */
export function fastifyAdapter({
  trustProxy,
  requestTimeoutSeconds,
  appmax,
  tracing,
}: Config): FastifyAdapter {
  const adapter = new FastifyAdapter({
    ...connectionLimits({
      request: requestTimeoutSeconds,
      // The longest request: a card payment that first makes a customer and an order, each with a new token.
      answer:
        appmax.cardTimeoutSeconds + 2 * appmax.timeoutSeconds + 2 * appmax.tokenTimeoutSeconds + OWN_SECONDS,
    }),
    trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: {
      maxParamLength: LONGEST_PATH_PARAMETER,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
    },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseAddress,
    genReqId: ({ headers }: IncomingMessage) => requestIdFrom(headers['x-request-id']),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  if (tracing !== undefined) traceRequests(fastify);
  assignRequestIds(fastify, [`/${WEBHOOK_PATH}`, STATUS_PATH]);
  readForwardedAddresses(fastify);
  closeConnectionsWhenStopping(fastify);
  readJsonBodies(fastify);
  limitBodies(fastify, { [`/${WEBHOOK_PATH}`]: WEBHOOK_BODY_LIMIT_BYTES });
  return adapter;
}

/** Creates the application, ready to listen. Tests use it, too. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const stopTracing = config.tracing === undefined ? undefined : await startTracing(config.tracing);
  const log = openLog(config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config),
    fastifyAdapter(config),
    { logger: log.lines, bodyParser: false, abortOnError: false },
  );
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  // After the last request is answered.
  if (stopTracing !== undefined) fastify.addHook('onClose', stopTracing);
  logRequests(fastify, log.requests);
  app.get(RequestDurations).watch(app);
  app.get(AuditTrail).watch(fastify);
  app.get(DirectWebhookRoute).attach(fastify);
  secureAnswers(fastify, config.publicUrl);
  allowOrigins(app, config.corsOrigins);
  app.get(OpenApiDocument).describe(app, { name: config.appName, publicUrl: config.publicUrl });
  return app;
}
