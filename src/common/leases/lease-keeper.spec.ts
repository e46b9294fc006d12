import { LeaseKeeper } from './lease-keeper';

const RENEWAL_MILLISECONDS = 5_000;

class TestLeases extends LeaseKeeper {}

describe('LeaseKeeper', () => {
  const query = jest.fn<Promise<unknown>, [string, unknown[]]>(() => Promise.resolve([]));
  let leases: TestLeases;

  beforeEach(() => {
    jest.useFakeTimers();
    query.mockClear();
    leases = new TestLeases({ query }, { name: 'events', idColumn: 'event_id' });
    leases.onApplicationBootstrap();
  });

  afterEach(async () => {
    await leases.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('one statement renews all held leases, those of a set with its token', async () => {
    const ends: (() => void)[] = [];
    const work = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const held = [
      leases.duringAll({ ids: [1, 2, 3], token: 'of the set' }, work),
      leases.during({ id: 9, token: 'of one' }, work),
    ];
    await jest.advanceTimersByTimeAsync(RENEWAL_MILLISECONDS);
    expect(query.mock.calls.map(([, parameters]) => parameters)).toEqual([
      [
        [1, 2, 3, 9],
        ['of the set', 'of the set', 'of the set', 'of one'],
      ],
    ]);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(RENEWAL_MILLISECONDS);
    expect(query.mock.lastCall?.[1]).toEqual([[9], ['of one']]);
    ends[1]?.();
    await Promise.all(held);
    await jest.advanceTimersByTimeAsync(RENEWAL_MILLISECONDS * 3);
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('leases are not renewed after work that failed', async () => {
    await expect(
      leases.duringAll({ ids: [1], token: 'a' }, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    await jest.advanceTimersByTimeAsync(RENEWAL_MILLISECONDS * 2);
    expect(query).not.toHaveBeenCalled();
  });
});
