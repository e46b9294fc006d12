import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Config, loadCommandConfig } from '../../config';
import { SchemaState } from '../../database';
import { attachEmbeddedPostgres, openDatabase } from '../../embedded-postgres';
import {
  CommandFailure,
  type CommandLine,
  type Report,
  runCommandLine,
  type Surroundings,
} from './command-line';
import { StandardErrorLogger } from './standard-error-logger';

/** The input of a running command: the application without its HTTP server, and a signal to stop. */
export interface CommandContext extends Surroundings {
  readonly app: INestApplicationContext;
}

/** The input of a command that runs before there is an application. */
export interface SetupContext extends Surroundings {
  /** The configuration; its database is reachable. */
  readonly config: Config;
}

/** A command and what its work needs. */
export interface Command<Arguments, Context = CommandContext> extends Omit<CommandLine<Arguments>, 'run'> {
  /** @throws CommandFailure if the work could not be done. */
  readonly run: (options: Arguments, context: Context) => Promise<Report>;
}

/** Runs a command in the application, without the HTTP server and without background work, and exits. */
export function runCommand<Arguments>({ run, ...command }: Command<Arguments>): Promise<never> {
  return runSetupCommand({
    ...command,
    run: (options, { config, ...surroundings }) =>
      inService(config, (app) => run(options, { app, ...surroundings })),
  });
}

/** Runs a command that needs no migrated database, with the configuration alone, and exits. */
export function runSetupCommand<Arguments>({
  run,
  ...command
}: Command<Arguments, SetupContext>): Promise<never> {
  return runCommandLine({
    ...command,
    run: async (options, surroundings) => {
      const config = loadCommandConfig();
      const open = await openDatabase(config.database, attachEmbeddedPostgres);
      try {
        return await run(options, { config: { ...config, database: open.database }, ...surroundings });
      } finally {
        await open.close();
      }
    },
  });
}

async function inService(
  config: Config,
  work: (app: INestApplicationContext) => Promise<Report>,
): Promise<Report> {
  // Most of the program: commands that need no application start without it.
  const { AppModule } = await import('../../app.module.js');
  const quiet = { ...config, backgroundWork: false, logLevel: 'warn' as const };
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(quiet), {
    logger: new StandardErrorLogger({ logLevels: ['warn', 'error'] }),
    abortOnError: false,
  });
  try {
    const { fault } = app.get(SchemaState);
    if (fault !== undefined) throw new CommandFailure(fault);
    return await work(app);
  } finally {
    await app.close();
  }
}
