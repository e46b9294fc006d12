import { Logger } from 'nestjs-pino';

/** Where Nest tells of every module and route at each start. */
const NARRATORS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** Nest's logger on pino, which keeps Nest's account of its own start for `LOG_LEVEL=debug`. */
export class ServiceLogger extends Logger {
  override log(message: unknown, ...parameters: unknown[]): void {
    if (NARRATORS.has(parameters.at(-1))) this.debug(message, ...parameters);
    else super.log(message, ...parameters);
  }
}
