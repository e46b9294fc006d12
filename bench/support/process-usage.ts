import { readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, on every architecture that Node runs on. */
const TICK_MILLISECONDS = 10;
/** The positions of `utime` and `stime` in `/proc/<pid>/stat`, counted from the field after the program's name. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;
/** The same of the children that have ended. */
const CHILDREN_TIMES = [13, 14] as const;
const PARENT = 1;

/**
 * Returns the CPU time that a process has used, in milliseconds, with all of its threads. It is NaN where there is no
 * `/proc`, and for a process that has ended.
 *
 * @param whose `with ended children` to add the time of its children that have ended.
 */
export function cpuMilliseconds(pid: number, whose: 'own' | 'with ended children' = 'own'): number {
  const positions = [USER_TIME, SYSTEM_TIME, ...(whose === 'own' ? [] : CHILDREN_TIMES)];
  const fields = statOf(pid);
  return positions.reduce((sum, position) => sum + Number(fields[position] ?? NaN), 0) * TICK_MILLISECONDS;
}

/** Returns the id of the process that has started a process. It is NaN where there is no `/proc`. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[PARENT] ?? NaN);
}

/** Returns the memory of a process in megabytes, with its share of what it shares with others. */
export function proportionalMegabytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? NaN) / 1024;
}

/** Returns the resident memory of a process in megabytes (2^20 bytes). It is NaN where there is no `/proc`. */
export function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status'))?.[1] ?? NaN) / 1024;
}

/** Returns the fields of `/proc/<pid>/stat` after the program's name, which may contain blanks and brackets. */
function statOf(pid: number): string[] {
  const text = readProc(pid, 'stat');
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
