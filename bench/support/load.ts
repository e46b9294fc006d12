import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type GeneratedLoad, type Load } from './load-generator';
import { cpuMilliseconds } from './process-usage';
import { killWithThisProcess } from './programs';
import { type Round } from './result';

export type { GeneratedLoad, Load } from './load-generator';

/**
 * Sends requests from a process of its own, so that the load does not share an event loop with what is measured.
 *
 * @throws Error if an answer has none of the expected statuses, or if a connection is lost.
 */
export async function sendLoad(load: Load): Promise<GeneratedLoad> {
  const child = fork(join(__dirname, 'load-process.js'), [], { serialization: 'advanced' });
  killWithThisProcess(child);
  try {
    child.send(load);
    const [answer] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => [{ error: 'The load process has exited' }]),
    ])) as [GeneratedLoad | { error: string }];
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  } finally {
    child.kill('SIGKILL');
  }
}

/** Sends a load. @returns it, and the CPU time in microseconds that the process of this id has used for one request. */
export async function sendMeasured(
  load: Load,
  pid: number,
): Promise<GeneratedLoad & { microseconds: number }> {
  const before = cpuMilliseconds(pid);
  const sent = await sendLoad(load);
  return { ...sent, microseconds: ((cpuMilliseconds(pid) - before) * 1000) / sent.requests };
}

/** Sends a load. @returns the requests a second and the duration of each. */
export async function loadRound(load: Load): Promise<Round> {
  const { perSecond, durations } = await sendLoad(load);
  return { figure: perSecond, durations: [...durations] };
}
