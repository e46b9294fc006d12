import { ConfigurationError } from '../../config';
import { GoDatabaseError, MigrationFailedError, SessionSettingsError, TakeoverError } from '../../database';
import { UsageError } from './arguments';

/** The result of a command. */
export interface Report {
  /** The result for a reader, line by line. */
  readonly lines: readonly string[];
  /** The same result for a program: fields of the document that `--json` writes. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The reason why the work is not complete; undefined if it is. */
  readonly failure?: string | undefined;
}

/** The surroundings of a running command. */
export interface Surroundings {
  /** Aborted by the first Ctrl-C: the command then finishes its current batch. */
  readonly stop: AbortSignal;
  /** True if a program reads the output: then nothing but the result is written to the standard output. */
  readonly isJson: boolean;
}

/** A command: its usage text, its argument parser and its work. */
export interface CommandLine<Arguments> {
  readonly usage: string;
  /** @returns undefined if `--help` is given. @throws UsageError */
  readonly parse: (args: readonly string[]) => Arguments | undefined;
  /** @throws CommandFailure if the work could not be done. */
  readonly run: (options: Arguments, surroundings: Surroundings) => Promise<Report>;
}

/** Thrown when a command could not do its work; its message says why. */
export class CommandFailure extends Error {}

/** Exit codes, as usual in shells. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;
const STOPPED = 130;

const JSON_OPTION = '--json';
const JSON_USAGE = `  ${JSON_OPTION}  writes the result as one JSON document, with \`ok\` and, if it failed, \`error\``;

/** Runs a command and exits: 0 done, 1 failed, 2 invalid arguments, 130 stopped. Each command has `--json`. */
export async function runCommandLine<Arguments>(command: CommandLine<Arguments>): Promise<never> {
  const given = process.argv.slice(2);
  const isJson = given.includes(JSON_OPTION);
  const write = isJson ? writeJson : writeText;
  try {
    const options = command.parse(given.filter((argument) => argument !== JSON_OPTION));
    if (options === undefined) {
      process.stdout.write(`${command.usage}\n\n${JSON_USAGE}\n`);
      return process.exit(DONE);
    }
    const stop = stopOnSignal();
    const report = await command.run(options, { stop, isJson });
    await write(report);
    const isDone = report.failure === undefined;
    return process.exit(stop.aborted ? STOPPED : isDone ? DONE : FAILED);
  } catch (error) {
    const isMisused = error instanceof UsageError;
    const usage = isMisused && !isJson ? `\n\n${command.usage}` : '';
    await write({ lines: [], data: {}, failure: `${explain(error)}${usage}` });
    return process.exit(isMisused ? MISUSED : FAILED);
  }
}

async function writeText({ lines, failure }: Report): Promise<void> {
  await writeTo(process.stdout, lines.map((line) => `${line}\n`).join(''));
  if (failure !== undefined) await writeTo(process.stderr, `${failure}\n`);
}

async function writeJson({ data, failure }: Report): Promise<void> {
  const document = {
    ok: failure === undefined,
    ...(failure === undefined ? {} : { error: failure }),
    ...data,
  };
  await writeTo(process.stdout, `${JSON.stringify(document)}\n`);
}

/** Waits until the text is written: an exit would cut off what a pipe has not taken yet. */
function writeTo(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => {
      resolve();
    });
  });
}

/** Returns a signal that the first Ctrl-C aborts. A second one exits. */
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

function explain(error: unknown): string {
  const expected = [
    UsageError,
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
