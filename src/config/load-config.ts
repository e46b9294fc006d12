import { existsSync } from 'node:fs';
import { parseConfig, type Config } from './config';

/**
 * The configuration of this process: its environment, and the file `.env` of the working directory for what the
 * environment leaves open. The one place that reads `process.env`.
 *
 * @throws ConfigurationError naming every fault at once.
 */
export function loadConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseConfig(process.env);
}
