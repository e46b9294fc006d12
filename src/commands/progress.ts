import { SingleBar } from 'cli-progress';

/** How often a line is written where there is no terminal, in milliseconds. */
const LINE_MILLISECONDS = 5_000;

/** Tells a person how far a command is. */
export interface Progress {
  advance(count: number): void;
  finish(): void;
}

/** A bar on a terminal; elsewhere, in a log for example, a line once in a while. @param what is counted, in the plural. */
export function showProgress({ total, what }: { total: number; what: string }): Progress {
  return process.stdout.isTTY ? bar(total, what) : lines(total, what);
}

function bar(total: number, what: string): Progress {
  const single = new SingleBar({
    format: `  {bar} {percentage}%  {value} of {total} ${what}, {eta_formatted} left`,
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

function lines(total: number, what: string): Progress {
  let done = 0;
  let toldAt = Date.now();
  const tell = (): void => {
    toldAt = Date.now();
    process.stdout.write(`${done} of ${total} ${what}\n`);
  };
  return {
    advance: (count) => {
      done += count;
      if (Date.now() - toldAt >= LINE_MILLISECONDS) tell();
    },
    finish: tell,
  };
}
