import { readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, on every architecture that Node runs on. */
const TICK_MILLISECONDS = 10;
/** The positions of `utime` and `stime` in `/proc/<pid>/stat`, counted from the field after the program's name. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/**
 * Returns the CPU time that a process has used, in milliseconds, with all of its threads. It is NaN where there is no
 * `/proc`.
 */
export function cpuMilliseconds(pid: number): number {
  const text = readProc(pid, 'stat');
  // The program's name may contain blanks and brackets; the last bracket ends it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME] ?? NaN) + Number(fields[SYSTEM_TIME] ?? NaN)) * TICK_MILLISECONDS;
}

/** Returns the resident memory of a process in megabytes (2^20 bytes). It is NaN where there is no `/proc`. */
export function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status'))?.[1] ?? NaN) / 1024;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
