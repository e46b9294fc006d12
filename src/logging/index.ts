export { loggerOptions } from './logger-options';
export { ServiceLogger } from './service-logger';
