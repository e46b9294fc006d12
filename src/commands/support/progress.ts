import { SingleBar } from 'cli-progress';

/** Interval between two progress lines if the output is not a terminal. */
const LINE_MILLISECONDS = 5_000;

/** Shows the progress of a command. */
export interface Progress {
  advance(count: number): void;
  finish(): void;
}

/** The number of rows to process, and their name in the plural. `isJson`: a program reads the output. */
export interface ProgressOptions {
  readonly total: number;
  readonly noun: string;
  readonly isJson: boolean;
}

/** Shows a bar on a terminal, otherwise a line every 5 seconds; for a program nothing. */
export function showProgress({ total, noun, isJson }: ProgressOptions): Progress {
  if (isJson) return { advance: () => undefined, finish: () => undefined };
  return process.stdout.isTTY ? bar(total, noun) : lines(total, noun);
}

function bar(total: number, noun: string): Progress {
  const single = new SingleBar({
    format: `  {bar} {percentage}%  {value} of {total} ${noun}, {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  single.start(total, 0);
  return {
    advance: (count) => {
      single.increment(count);
    },
    finish: () => {
      single.stop();
    },
  };
}

function lines(total: number, noun: string): Progress {
  let done = 0;
  let writtenAt = Date.now();
  const write = (): void => {
    writtenAt = Date.now();
    process.stdout.write(`${done} of ${total} ${noun}\n`);
  };
  return {
    advance: (count) => {
      done += count;
      if (Date.now() - writtenAt >= LINE_MILLISECONDS) write();
    },
    finish: write,
  };
}
