export {
  type AppmaxConfig,
  type BackgroundReadsConfig,
  type CacheConfig,
  type Config,
  ConfigurationError,
  type DatabaseConfig,
  parseConfig,
  type SentinelConfig,
  type StorefrontCallsConfig,
} from './config';
export { CONFIG, ConfigModule } from './config.module';
export { loadCommandConfig, loadConfig } from './load-config';
export { startWarnings } from './start-warnings';
export type { TracingConfig } from './tracing-config';
