import { Logger } from 'nestjs-pino';

/** Contexts in which Nest logs every module and route at start. */
const STARTUP_CONTEXTS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** Nest's logger on pino. Lines of Nest about its own start are logged with the level debug. */
export class ServiceLogger extends Logger {
  override log(message: unknown, ...parameters: unknown[]): void {
    if (STARTUP_CONTEXTS.has(parameters.at(-1))) this.debug(message, ...parameters);
    else super.log(message, ...parameters);
  }
}
