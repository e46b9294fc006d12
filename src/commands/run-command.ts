import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module';
import { ConfigurationError, loadConfig } from '../config';
import { attachEmbeddedPostgres, openDatabase } from '../database';
import { UsageError } from './arguments';

/** What a command works with: the service without its server, and whether it was asked to stop. */
export interface CommandContext {
  readonly app: INestApplicationContext;
  readonly stop: AbortSignal;
  readonly say: (line: string) => void;
}

/** A command: what it is told, and what it does. */
export interface Command<Arguments> {
  readonly usage: string;
  /** @returns undefined when help is asked for. @throws UsageError */
  readonly parse: (words: readonly string[]) => Arguments | undefined;
  readonly run: (options: Arguments, context: CommandContext) => Promise<void>;
}

/** A command that did not do all that it was to; its message says why. */
export class CommandFailure extends Error {}

/** Exit codes: as shells and their users know them. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;
const STOPPED = 130;

/** Runs a command of this process and ends it: 0 done, 1 failed, 2 not understood, 130 stopped. */
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

/** A part of the service without its server, and without the work that a service does by itself. */
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
      await command.run(options, { app, stop, say: (line) => process.stdout.write(`${line}\n`) });
    } finally {
      await app.close();
    }
  } finally {
    await open.close();
  }
  return stop.aborted ? STOPPED : DONE;
}

/** Ctrl-C lets what is under way come to its end; a second one ends at once. */
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
  if (error instanceof ConfigurationError || error instanceof CommandFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
