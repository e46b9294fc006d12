import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { LogText } from '../common/log-text';

/** Contexts in which Nest logs every module and route at start. */
const STARTUP_CONTEXTS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/**
 * Nest's logger on pino. A line is a message (a string or a LogText), or fields and a message, or an error; the last
 * parameter is the context.
 * Lines of Nest about its own start are logged with the level debug.
 */
export class ServiceLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...parameters: unknown[]): void {
    this.write(STARTUP_CONTEXTS.has(parameters.at(-1)) ? 'debug' : 'info', message, parameters);
  }

  error(message: unknown, ...parameters: unknown[]): void {
    this.write('error', message, parameters);
  }

  warn(message: unknown, ...parameters: unknown[]): void {
    this.write('warn', message, parameters);
  }

  debug(message: unknown, ...parameters: unknown[]): void {
    this.write('debug', message, parameters);
  }

  verbose(message: unknown, ...parameters: unknown[]): void {
    this.write('trace', message, parameters);
  }

  fatal(message: unknown, ...parameters: unknown[]): void {
    this.write('fatal', message, parameters);
  }

  private write(level: Level, message: unknown, parameters: readonly unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const context = parameters.at(-1);
    const fields = context === undefined ? {} : { context };
    const rest = parameters.slice(0, -1);
    if (message instanceof Error) this.logger[level]({ ...fields, err: message });
    else if (message instanceof LogText) this.logger[level](fields, ...([message] as unknown as [string]));
    else if (typeof message === 'object' && message !== null)
      this.logger[level]({ ...fields, ...message }, ...(rest as [string]));
    else if (level === 'error' && isStack(rest))
      // Nest's own exception handlers log a message and a stack.
      this.logger.error({ ...fields, err: Object.assign(new Error(String(message)), { stack: rest[0] }) });
    else this.logger[level](fields, String(message), ...rest);
  }
}

function isStack(parameters: readonly unknown[]): parameters is readonly [string] {
  const [stack] = parameters;
  return parameters.length === 1 && typeof stack === 'string' && /\n\s*at /.test(stack);
}
