import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config';
import { loggableError, loggableFields, maskedLogText, maskedPath } from './loggable';

type NamedRequest = IncomingMessage & { originalUrl?: string };

/**
 * Returns the options of the logger. Of a request it logs id, method, path and status: never the query (it may contain
 * a hash or a token), headers or body. Other lines have a message and the fields that `loggable.ts` lists.
 */
export function loggerOptions({ appName, logLevel, environment }: Config): Params {
  const isTerminal = environment === 'local' && process.stdout.isTTY;
  return {
    pinoHttp: {
      name: appName,
      level: logLevel,
      genReqId: (request) => request.id,
      serializers: {
        req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({
          id,
          method,
          path: maskedPath(url),
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
        err: loggableError,
      },
      formatters: { log: loggableFields },
      hooks: {
        logMethod(values, method) {
          const masked = values.map((value: unknown) =>
            typeof value === 'string' ? maskedLogText(value) : value,
          );
          method.apply(this, masked as typeof values);
        },
      },
      customSuccessMessage: summary,
      customErrorMessage: summary,
      customLogLevel: (_, { statusCode }, error) =>
        error !== undefined || statusCode >= 500 ? 'error' : 'info',
      // pino-http creates an error for each 5xx response; the exception filter has already logged the real one.
      customErrorObject: (_, __, ___, { req, res, responseTime }: Record<string, unknown>) => ({
        req,
        res,
        responseTime,
      }),
      ...(isTerminal
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
  return `${request.method ?? ''} ${maskedPath(request.originalUrl ?? request.url ?? '')} ${statusCode}`;
}
