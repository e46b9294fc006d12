import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config';
import { loggableError, loggableFields, loggablePath, loggableText } from './loggable';

type NamedRequest = IncomingMessage & { originalUrl?: string };

/**
 * What is logged of a request: its id, method, path and outcome. Never its query (it may hold a hash or a token), its
 * headers or its body. Of anything else: the fields that `loggable.ts` lists, and a message.
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
          path: loggablePath(url),
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
        err: loggableError,
      },
      formatters: { log: loggableFields },
      hooks: {
        logMethod(words, method) {
          const loggable = words.map((word: unknown) =>
            typeof word === 'string' ? loggableText(word) : word,
          );
          method.apply(this, loggable as typeof words);
        },
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
  return `${request.method ?? ''} ${loggablePath(request.originalUrl ?? request.url ?? '')} ${statusCode}`;
}
