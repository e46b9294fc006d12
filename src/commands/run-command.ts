import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module';
import { ConfigurationError, loadConfig } from '../config';
import {
  attachEmbeddedPostgres,
  MigrationFailedError,
  openDatabase,
  SchemaState,
  SessionSettingsError,
} from '../database';
import { UsageError } from './arguments';

/** The input of a running command: the application without its HTTP server, and a signal to stop. */
export interface CommandContext {
  readonly app: INestApplicationContext;
  readonly stop: AbortSignal;
  readonly writeLine: (line: string) => void;
}

/** A command: its usage text, its argument parser and its work. */
export interface Command<Arguments> {
  readonly usage: string;
  /** @returns undefined if `--help` is given. @throws UsageError */
  readonly parse: (args: readonly string[]) => Arguments | undefined;
  readonly run: (options: Arguments, context: CommandContext) => Promise<void>;
}

/** Thrown when a command did not complete its work; its message says why. */
export class CommandFailure extends Error {}

/** Exit codes, as usual in shells. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;
const STOPPED = 130;

/** Runs a command and exits: 0 done, 1 failed, 2 invalid arguments, 130 stopped. */
export async function runCommand<Arguments>(command: Command<Arguments>): Promise<never> {
  try {
    const options = command.parse(process.argv.slice(2));
    process.exit(options === undefined ? help(command.usage) : await inService(command, options));
  } catch (error) {
    process.stderr.write(`${explain(error, command.usage)}\n`);
    process.exit(error instanceof UsageError ? MISUSED : FAILED);
  }
}

function help(usage: string): number {
  process.stdout.write(`${usage}\n`);
  return DONE;
}

/** Runs a command in the application, without the HTTP server and without background work. */
async function inService<Arguments>(command: Command<Arguments>, options: Arguments): Promise<number> {
  const config = loadConfig();
  const open = await openDatabase(config.database, attachEmbeddedPostgres);
  const stop = stopOnSignal();
  try {
    const quiet = { ...config, database: open.database, backgroundWork: false, logLevel: 'warn' as const };
    const app = await NestFactory.createApplicationContext(AppModule.forRoot(quiet), {
      logger: ['warn', 'error'],
      abortOnError: false,
    });
    try {
      const { fault } = app.get(SchemaState);
      if (fault !== undefined) throw new CommandFailure(fault);
      await command.run(options, { app, stop, writeLine: (line) => process.stdout.write(`${line}\n`) });
    } finally {
      await app.close();
    }
  } finally {
    await open.close();
  }
  return stop.aborted ? STOPPED : DONE;
}

/** Returns a signal that the first Ctrl-C aborts; the command then finishes its current batch. A second one exits. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(STOPPED);
      controller.abort();
    });
  }
  return controller.signal;
}

function explain(error: unknown, usage: string): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  const expected = [ConfigurationError, CommandFailure, MigrationFailedError, SessionSettingsError];
  if (expected.some((type) => error instanceof type)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
