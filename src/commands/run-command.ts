import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module';
import { loadCommandConfig } from '../config';
import { attachEmbeddedPostgres, openDatabase, SchemaState } from '../database';
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

/** A command that works in the application. */
export interface Command<Arguments> extends Omit<CommandLine<Arguments>, 'run'> {
  /** @throws CommandFailure if the work could not be done. */
  readonly run: (options: Arguments, context: CommandContext) => Promise<Report>;
}

/** Runs a command in the application, without the HTTP server and without background work, and exits. */
export function runCommand<Arguments>({ run, ...command }: Command<Arguments>): Promise<never> {
  return runCommandLine({
    ...command,
    run: (options, surroundings) => inService((app) => run(options, { app, ...surroundings })),
  });
}

async function inService(work: (app: INestApplicationContext) => Promise<Report>): Promise<Report> {
  const config = loadCommandConfig();
  const open = await openDatabase(config.database, attachEmbeddedPostgres);
  try {
    const quiet = { ...config, database: open.database, backgroundWork: false, logLevel: 'warn' as const };
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
  } finally {
    await open.close();
  }
}
