import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, ConfigurationError, parseConfig } from './config';
import { EnvFileError, parseEnvFile, withoutQuotes } from './env-file';

const ENV_FILE = '.env';

/** File of the generated APP_KEY, for development on one machine. */
const KEY_FILE = join('data', 'app-key');

/** File in which the quickstart keeps the variables of its service. */
const QUICKSTART_FILE = join('data', 'quickstart.env');

/** Every valid configuration sets one of these: without them, there is no database. */
const DECISIVE = ['APP_ENV', 'DB_CONNECTION', 'DB_PASSWORD'];

/**
 * Reads the configuration of this process from its environment and, for variables that are not set there, from the file
 * `.env` of the working directory. No other code reads `process.env`. Outside of production a missing APP_KEY is
 * generated at the first start and kept for the next ones.
 *
 * @throws ConfigurationError with every fault at once.
 */
export function loadConfig(): Config {
  return configOf({ ...readEnvFile(ENV_FILE), ...ownVariables() });
}

/**
 * Reads the configuration of a command. If neither the environment nor `.env` says which database to use, the variables
 * are those of the quickstart of this directory, if it was started once.
 *
 * @throws ConfigurationError with every fault at once.
 */
export function loadCommandConfig(): Config {
  const variables = { ...readEnvFile(ENV_FILE), ...ownVariables() };
  if (DECISIVE.some((name) => !isBlank(variables[name]))) return configOf(variables);
  return configOf({ ...variables, ...readEnvFile(QUICKSTART_FILE) });
}

function configOf(variables: Record<string, string | undefined>): Config {
  return parseConfig(
    isBlank(variables['APP_KEY']) && variables['APP_ENV']?.trim() !== 'production'
      ? { ...variables, APP_KEY: readOrCreateKey() }
      : variables,
  );
}

function ownVariables(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).map(([name, value]) => [name, value && withoutQuotes(value)] as const),
  );
}

function readEnvFile(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    return parseEnvFile(readFileSync(file));
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigurationError([`${file}: ${error.message}`]) : error;
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
