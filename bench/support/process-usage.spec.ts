import { existsSync } from 'node:fs';
import { cpuMilliseconds, residentMegabytes } from './process-usage';

const itOnLinux = existsSync('/proc/self/stat') ? it : it.skip;

describe('The usage of a process', () => {
  itOnLinux('CPU time is what the process says of itself', () => {
    const until = performance.now() + 100;
    while (performance.now() < until) Math.sqrt(until);
    const { user, system } = process.cpuUsage();
    const measured = cpuMilliseconds(process.pid);
    expect(Math.abs(measured - (user + system) / 1000)).toBeLessThanOrEqual(measured / 10 + 50);
  });

  itOnLinux('resident memory is what the process says of itself', () => {
    const measured = residentMegabytes(process.pid);
    expect(measured / (process.memoryUsage.rss() / 2 ** 20)).toBeCloseTo(1, 0);
  });

  it('the usage of a process that does not exist is not a number', () => {
    expect([cpuMilliseconds(2 ** 30), residentMegabytes(2 ** 30)]).toEqual([NaN, NaN]);
  });
});
