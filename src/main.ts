import './young-generation';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, ConfigurationError, loadConfig, startWarnings } from './config';
import {
  DataDirectoryInUseError,
  type OpenDatabase,
  openDatabase,
  startEmbeddedPostgres,
} from './embedded-postgres';
import { letYoungGenerationGrow } from './young-generation';

async function main(): Promise<void> {
  const config = loadConfig();
  const open = await openDatabase(config.database, (options) =>
    // Loads the program while PostgreSQL starts. An error in it is reported below.
    startEmbeddedPostgres({ ...options, meanwhile: () => void loadApp().catch(() => undefined) }),
  );
  const { createApp } = await loadApp();
  const app = await createApp({ ...config, database: open.database }).catch(async (error: unknown) => {
    await open.close();
    throw error;
  });
  stopOnSignal(app, open);
  await open.synced;
  await listen(app, config);
  letYoungGenerationGrow();
}

/** Loads most of the program, which is needed only when the settings are right and the database may be used. */
const loadApp = () => import('./app.setup.js');

async function listen(app: NestFastifyApplication, config: Config): Promise<void> {
  const { host, port, publicUrl } = config;
  await app.listen({ host, port });
  const logger = new Logger('Service');
  logger.log(`Listening on ${await app.getUrl()}; public address ${publicUrl}`);
  for (const warning of startWarnings(config)) logger.warn(warning);
}

/** On SIGINT or SIGTERM: accepts no new requests, finishes open ones, closes the pool, stops the embedded server. */
function stopOnSignal(app: NestFastifyApplication, database: OpenDatabase): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    new Logger('Service').log(`${signal}: stopping`);
    app
      .close()
      .finally(() => database.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** Returns the message of an expected error, and the stack of any other. */
async function explain(error: unknown): Promise<string> {
  if (error instanceof ConfigurationError || error instanceof DataDirectoryInUseError) return error.message;
  // Loaded here, because a start with wrong settings is to end at once.
  const { GoDatabaseError, MigrationFailedError, SessionSettingsError } = await import('./database/index.js');
  const expected = [GoDatabaseError, MigrationFailedError, SessionSettingsError];
  if (expected.some((type) => error instanceof type)) return (error as Error).message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port ?? ''} is taken by another program: stop it, or set APP_PORT to another one.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(async (error: unknown) => {
  process.stderr.write(`${await explain(error)}\n`);
  process.exit(1);
});
