import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config/config';

type NamedRequest = IncomingMessage & { originalUrl?: string };

/**
 * What is logged of a request: its id, method, path and outcome. Never its query (it may hold a hash or a token), its
 * headers or its body. Of an error: what it is and where it came from, never the values that a query was made with.
 */
export function loggerOptions({ appName, logLevel, environment }: Config): Params {
  const forPeople = environment === 'local' && process.stdout.isTTY;
  return {
    pinoHttp: {
      name: appName,
      level: logLevel,
      genReqId: (request) => request.id,
      serializers: {
        req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({
          id,
          method,
          path: pathOf(url),
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
        err: loggableError,
      },
      customSuccessMessage: summary,
      customErrorMessage: summary,
      customLogLevel: (_, { statusCode }, error) =>
        error !== undefined || statusCode >= 500 ? 'error' : 'info',
      // pino-http makes up an error for each answer of 5xx; the exception filter has logged the real one.
      customErrorObject: (_, __, ___, { req, res, responseTime }: Record<string, unknown>) => ({
        req,
        res,
        responseTime,
      }),
      ...(forPeople
        ? {
            transport: {
              target: 'pino-pretty',
              options: { singleLine: true, ignore: 'pid,hostname,req,res,responseTime' },
            },
          }
        : {}),
    },
  };
}

function summary(request: NamedRequest, { statusCode }: ServerResponse): string {
  return `${request.method ?? ''} ${pathOf(request.originalUrl ?? request.url ?? '')} ${statusCode}`;
}

/** pino-http hands over errors that pino has made plain objects of; elsewhere they come as they were thrown. */
function loggableError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const { type, name, message, stack, code } = error as Record<string, unknown>;
  return { type: type ?? name, message, stack, ...(typeof code === 'string' ? { code } : {}) };
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
