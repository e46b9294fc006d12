import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, ConfigurationError, parseConfig } from './config';
import { EnvFileError, parseEnvFile, withoutQuotes } from './env-file';

const ENV_FILE = '.env';

/** File of the generated APP_KEY, for development on one machine. */
const KEY_FILE = join('data', 'app-key');

/**
 * Reads the configuration of this process from its environment and, for variables that are not set there, from the file
 * `.env` of the working directory. No other code reads `process.env`. Outside of production a missing APP_KEY is
 * generated at the first start and kept for the next ones.
 *
 * @throws ConfigurationError with every fault at once.
 */
export function loadConfig(): Config {
  const own = Object.entries(process.env).map(
    ([name, value]) => [name, value && withoutQuotes(value)] as const,
  );
  const env = { ...readEnvFile(), ...Object.fromEntries(own) };
  return parseConfig(
    isBlank(env['APP_KEY']) && env['APP_ENV']?.trim() !== 'production'
      ? { ...env, APP_KEY: readOrCreateKey() }
      : env,
  );
}

function readEnvFile(): Record<string, string> {
  if (!existsSync(ENV_FILE)) return {};
  try {
    return parseEnvFile(readFileSync(ENV_FILE));
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigurationError([`${ENV_FILE}: ${error.message}`]) : error;
  }
}

function readOrCreateKey(): string {
  if (!existsSync(KEY_FILE)) {
    mkdirSync(dirname(KEY_FILE), { recursive: true });
    try {
      writeFileSync(KEY_FILE, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // EEXIST: another process that started at the same time has created it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(KEY_FILE, 'utf8').trim();
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
