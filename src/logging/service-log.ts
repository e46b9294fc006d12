import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config';
import { loggerOptions, requestLogOptions } from './logger-options';
import { ServiceLogger } from './service-logger';

const STANDARD_OUTPUT = 1;

/** The log of the service, on its standard output. */
export interface ServiceLog {
  /** The logger of Nest and of all modules. */
  readonly lines: ServiceLogger;
  /** The log of requests. */
  readonly requests: Logger;
}

/**
 * Opens the log. Lines are written in the background, and what is left of them when the process exits, also because of an
 * error that nothing has caught. In a terminal of a developer they are formatted.
 */
export function openLog(config: Pick<Config, 'appName' | 'logLevel' | 'environment'>): ServiceLog {
  const output = config.environment === 'local' && process.stdout.isTTY ? formatted() : written();
  return {
    lines: new ServiceLogger(pino(loggerOptions(config), output)),
    requests: pino(requestLogOptions(config), output),
  };
}

function formatted(): DestinationStream {
  return pino.transport({
    target: 'pino-pretty',
    options: { singleLine: true, ignore: 'pid,hostname,req,res,responseTime' },
  });
}

function written(): DestinationStream {
  return pino.destination({ dest: STANDARD_OUTPUT, sync: false });
}
