import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseConfig, type Config } from './config';

/** Where a key is kept that nobody set: for development, on one machine. */
const KEY_FILE = join('data', 'app-key');

/**
 * The configuration of this process: its environment, and the file `.env` of the working directory for what the
 * environment leaves open. The one place that reads `process.env`. Outside of production, an APP_KEY that is missing
 * is made on the first start and kept for the next.
 *
 * @throws ConfigurationError naming every fault at once.
 */
export function loadConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { env } = process;
  return parseConfig(
    isBlank(env['APP_KEY']) && env['APP_ENV'] !== 'production' ? { ...env, APP_KEY: keptKey() } : env,
  );
}

function keptKey(): string {
  if (!existsSync(KEY_FILE)) {
    mkdirSync(dirname(KEY_FILE), { recursive: true });
    try {
      writeFileSync(KEY_FILE, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another process that starts at the same time has made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(KEY_FILE, 'utf8').trim();
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
