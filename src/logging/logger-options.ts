import type { LoggerOptions } from 'pino';
import { currentRequest, type NamedRequest } from '../common/http/request-context';
import type { Config } from '../config';
import { loggableError, loggableFields, maskedLogText, maskedPath } from './loggable';

type LogConfig = Pick<Config, 'appName' | 'logLevel'>;

/**
 * Returns the options of the log for all lines but those of {@link requestLogOptions}. A line has a message, the fields
 * that `loggable.ts` lists and, in a request, its id, method and path: never the query (it may contain a hash or a
 * token), headers or body.
 */
export function loggerOptions({ appName, logLevel }: LogConfig): LoggerOptions {
  return {
    name: appName,
    level: logLevel,
    mixin: () => {
      const req = currentRequest();
      return req === undefined ? {} : { req };
    },
    serializers: { req: loggableRequest, err: loggableError },
    formatters: { log: loggableFields },
    hooks: {
      logMethod(values, method) {
        const masked = values.map((value: unknown) =>
          typeof value === 'string' ? maskedLogText(value) : value,
        );
        method.apply(this, masked as typeof values);
      },
    },
  };
}

/** Returns the options of the log of requests. Its lines have only fields that are masked where they are made. */
export function requestLogOptions({ appName, logLevel }: LogConfig): LoggerOptions {
  return { name: appName, level: logLevel };
}

/** Returns what is logged of a request. */
export function loggableRequest({ id, method, url }: NamedRequest): {
  id: string;
  method: string;
  path: string;
} {
  return { id, method, path: maskedPath(url) };
}
