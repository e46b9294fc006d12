import { Heartbeat } from './heartbeat';

describe('Heartbeat', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('renews the leases of what is worked on, and of nothing else', async () => {
    const renewed: (readonly number[])[] = [];
    const heartbeat = new Heartbeat('test', (ids) => Promise.resolve(void renewed.push(ids)));
    heartbeat.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(renewed).toEqual([]);
    let finish = (): void => undefined;
    const work = heartbeat.during(7, () => new Promise<void>((resolve) => (finish = resolve)));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(renewed).toEqual([[7], [7]]);
    finish();
    await work;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(renewed).toHaveLength(2);
    await heartbeat.stop();
  });

  it('lets go of a lease when the work fails', async () => {
    const renew = jest.fn().mockResolvedValue(undefined);
    const heartbeat = new Heartbeat('test', renew);
    heartbeat.start();
    await expect(heartbeat.during(7, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(renew).not.toHaveBeenCalled();
    await heartbeat.stop();
  });
});
