import pino, { type LoggerOptions } from 'pino';
import { currentRequest, type NamedRequest } from '../common/http/request-context';
import { LogText } from '../common/log-text';
import { currentTraceId } from '../common/tracing/spans';
import type { Config } from '../config';
import { loggableError, loggableFields, maskedLogText, maskedPath } from './loggable';

type LogConfig = Pick<Config, 'appName' | 'logLevel'>;

/**
 * Returns the options of the log for all lines but those of {@link requestLogOptions}. A line has a message, the fields
 * that `loggable.ts` lists and, in a request, its id, method, path and trace: never the query (it may contain a hash or a
 * token), headers or body. Personal data and secrets in a message are masked, unless it is a {@link LogText}.
 */
export function loggerOptions({ appName, logLevel }: LogConfig): LoggerOptions {
  return {
    ...commonOptions({ appName, logLevel }),
    mixin: () => {
      const req = currentRequest();
      const traceId = currentTraceId();
      return {
        ...(req === undefined ? {} : { req }),
        ...(traceId === undefined ? {} : { trace_id: traceId }),
      };
    },
    serializers: { req: loggableRequest, err: loggableError },
    formatters: { level: levelAsWord, log: loggableFields },
    hooks: {
      logMethod(values, method) {
        const masked = values.map((value: unknown) =>
          typeof value === 'string' ? maskedLogText(value) : value instanceof LogText ? value.text : value,
        );
        method.apply(this, masked as typeof values);
      },
    },
  };
}

/** Returns the options of the log of requests. Its lines have only fields that are masked where they are made. */
export function requestLogOptions({ appName, logLevel }: LogConfig): LoggerOptions {
  return { ...commonOptions({ appName, logLevel }), formatters: { level: levelAsWord } };
}

/** Returns what both logs have: `time` in ISO 8601 (UTC). */
function commonOptions({ appName, logLevel }: LogConfig): LoggerOptions {
  return { name: appName, level: logLevel, timestamp: pino.stdTimeFunctions.isoTime };
}

function levelAsWord(level: string): { level: string } {
  return { level };
}

/** Returns what is logged of a request. */
export function loggableRequest({ id, method, url }: NamedRequest): {
  id: string;
  method: string;
  path: string;
} {
  return { id, method, path: maskedPath(url) };
}
