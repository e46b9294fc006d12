import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpuMilliseconds, parentOf, proportionalMegabytes, residentMegabytes } from './process-usage';

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

  itOnLinux('the CPU time of children that have ended can be added', () => {
    const before = cpuMilliseconds(process.pid, 'with ended children') - cpuMilliseconds(process.pid);
    spawnSync(process.execPath, ['-e', 'const end = Date.now() + 200; while (Date.now() < end);']);
    const after = cpuMilliseconds(process.pid, 'with ended children') - cpuMilliseconds(process.pid);
    expect(after - before).toBeGreaterThanOrEqual(100);
  });

  itOnLinux('the parent is the process that the system names, and the proportional memory is a part', () => {
    expect(parentOf(process.pid)).toBe(process.ppid);
    const proportional = proportionalMegabytes(process.pid);
    expect(proportional).toBeGreaterThan(0);
    expect(proportional).toBeLessThanOrEqual(residentMegabytes(process.pid) * 1.05);
  });

  it('the usage of a process that does not exist is not a number', () => {
    expect([cpuMilliseconds(2 ** 30), residentMegabytes(2 ** 30)]).toEqual([NaN, NaN]);
  });
});
