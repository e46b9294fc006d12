import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Config, ConfigurationError, loadConfig } from '../config';
import {
  attachEmbeddedPostgres,
  GoDatabaseError,
  MigrationFailedError,
  openDatabase,
  SchemaState,
  SessionSettingsError,
  TakeoverError,
} from '../database';
import { UsageError } from './arguments';

/** The input of a running command: a signal to stop, and the way to write its output. */
interface Terminal {
  readonly stop: AbortSignal;
  readonly writeLine: (line: string) => void;
}

/** The input of a command in the application, which runs without its HTTP server. */
export interface CommandContext extends Terminal {
  readonly app: INestApplicationContext;
}

/** The input of a command that runs before there is an application. */
export interface SetupContext extends Terminal {
  /** The configuration; its database is reachable. */
  readonly config: Config;
}

/** A command: its usage text, its argument parser and its work. */
export interface Command<Arguments, Context = CommandContext> {
  readonly usage: string;
  /** @returns undefined if `--help` is given. @throws UsageError */
  readonly parse: (args: readonly string[]) => Arguments | undefined;
  readonly run: (options: Arguments, context: Context) => Promise<void>;
}

/** Thrown when a command did not complete its work; its message says why. */
export class CommandFailure extends Error {}

/** Exit codes, as usual in shells. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;
const STOPPED = 130;

/** Runs a command in the application and exits: 0 done, 1 failed, 2 invalid arguments, 130 stopped. */
export function runCommand<Arguments>(command: Command<Arguments>): Promise<never> {
  return runAndExit(command, inService);
}

/** Runs a command that needs no migrated database, with the configuration alone, and exits as {@link runCommand}. */
export function runSetupCommand<Arguments>(command: Command<Arguments, SetupContext>): Promise<never> {
  return runAndExit(command, ({ run }, options, context) => run(options, context));
}

function help(usage: string): number {
  process.stdout.write(`${usage}\n`);
  return DONE;
}

async function runAndExit<Arguments, Context>(
  command: Command<Arguments, Context>,
  start: (command: Command<Arguments, Context>, options: Arguments, context: SetupContext) => Promise<void>,
): Promise<never> {
  try {
    const options = command.parse(process.argv.slice(2));
    process.exit(
      options === undefined
        ? help(command.usage)
        : await withDatabase((context) => start(command, options, context)),
    );
  } catch (error) {
    process.stderr.write(`${explain(error, command.usage)}\n`);
    process.exit(error instanceof UsageError ? MISUSED : FAILED);
  }
}

/** Opens the configured database, also an embedded one, for a command. @returns its exit code. */
async function withDatabase(run: (context: SetupContext) => Promise<void>): Promise<number> {
  const config = loadConfig();
  const open = await openDatabase(config.database, attachEmbeddedPostgres);
  const stop = stopOnSignal();
  try {
    await run({
      config: { ...config, database: open.database },
      stop,
      writeLine: (line) => process.stdout.write(`${line}\n`),
    });
  } finally {
    await open.close();
  }
  return stop.aborted ? STOPPED : DONE;
}

/** Runs a command in the application, without the HTTP server and without background work. */
async function inService<Arguments>(
  command: Command<Arguments>,
  options: Arguments,
  { config, ...terminal }: SetupContext,
): Promise<void> {
  // Most of the program: commands that need no application start without it.
  const { AppModule } = await import('../app.module.js');
  const quiet = { ...config, backgroundWork: false, logLevel: 'warn' as const };
  const app = await NestFactory.createApplicationContext(AppModule.forRoot(quiet), {
    logger: ['warn', 'error'],
    abortOnError: false,
  });
  try {
    const { fault } = app.get(SchemaState);
    if (fault !== undefined) throw new CommandFailure(fault);
    await command.run(options, { app, ...terminal });
  } finally {
    await app.close();
  }
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
  const expected = [
    ConfigurationError,
    CommandFailure,
    GoDatabaseError,
    MigrationFailedError,
    SessionSettingsError,
    TakeoverError,
  ];
  if (expected.some((type) => error instanceof type)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
