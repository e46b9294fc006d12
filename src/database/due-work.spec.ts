import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DueWork } from './due-work';

const POLL_MILLISECONDS = 1_000;

describe('DueWork', () => {
  const query = jest.fn<Promise<unknown>, [string]>();
  let dueWork: DueWork;

  beforeEach(() => {
    jest.useFakeTimers();
    query.mockReset();
    dueWork = new DueWork({ query } as unknown as DataSource);
  });

  afterEach(async () => {
    await dueWork.onModuleDestroy();
    jest.useRealTimers();
  });

  it('one statement a second asks all questions, and the answers go to those who asked', async () => {
    query.mockResolvedValue([{ a0: true, a1: false, a2: 41 }]);
    const wake = [jest.fn(), jest.fn()] as const;
    const onAnswer = jest.fn();
    dueWork.wakeIf('EXISTS (SELECT FROM first)', wake[0]);
    dueWork.wakeIf('EXISTS (SELECT FROM second)', wake[1]);
    dueWork.add({ sql: 'SELECT max(id) FROM third', onAnswer });
    await jest.advanceTimersByTimeAsync(POLL_MILLISECONDS * 3);
    expect(query.mock.calls.map(([sql]) => sql)).toEqual(
      Array.from(
        { length: 3 },
        () =>
          'SELECT (EXISTS (SELECT FROM first)) AS a0, (EXISTS (SELECT FROM second)) AS a1, (SELECT max(id) FROM third) AS a2',
      ),
    );
    expect(wake[0]).toHaveBeenCalledTimes(3);
    expect(wake[1]).not.toHaveBeenCalled();
    expect(onAnswer.mock.calls).toEqual([[41], [41], [41]]);
  });

  it('a poll that fails is logged, and the next one follows', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const wake = jest.fn();
    query.mockRejectedValueOnce(new Error('the database is away')).mockResolvedValue([{ a0: true }]);
    dueWork.wakeIf('true', wake);
    await jest.advanceTimersByTimeAsync(POLL_MILLISECONDS * 2);
    expect([logged.mock.calls.length, wake.mock.calls.length]).toEqual([1, 1]);
    logged.mockRestore();
  });

  it('an instance without questions asks nothing', async () => {
    await jest.advanceTimersByTimeAsync(POLL_MILLISECONDS * 5);
    expect(query).not.toHaveBeenCalled();
  });
});
