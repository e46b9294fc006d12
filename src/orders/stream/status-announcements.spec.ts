import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Notifications } from '../../database';
import { StatusAnnouncements } from './status-announcements';

const MINUTE = 60_000;

describe('StatusAnnouncements', () => {
  const committed = new Set<number>();
  const announced: number[][] = [];
  let notices: EventEmitter;
  let announcements: StatusAnnouncements;

  const query = jest.fn((_sql: string, [ids]: [number[], string]) => {
    const found = ids.filter((id) => committed.has(id));
    if (found.length > 0) announced.push(found);
    return Promise.resolve(found.map((id) => ({ id })));
  });

  const change = (id: number): boolean => notices.emit('notice', `order_status_change ${id}`);

  beforeEach(() => {
    jest.useFakeTimers();
    query.mockClear();
    committed.clear();
    announced.length = 0;
    notices = new EventEmitter();
    announcements = new StatusAnnouncements(
      { options: { extra: { notices } }, query } as unknown as DataSource,
      { channelName: (channel: string) => `shop_${channel}` } as unknown as Notifications,
    );
  });

  afterEach(() => jest.useRealTimers());

  it('changes of a short time are announced by one statement', async () => {
    for (let id = 1; id <= 50; id += 1) {
      committed.add(id);
      change(id);
    }
    await jest.advanceTimersByTimeAsync(100);
    expect(announced).toEqual([Array.from({ length: 50 }, (_, index) => index + 1)]);
    expect(query.mock.calls[0]?.[1][1]).toBe('shop_order_status');
    await jest.advanceTimersByTimeAsync(MINUTE * 2);
    expect(query).toHaveBeenCalledTimes(1);
  });

  it('a change is announced only after its commit', async () => {
    committed.add(1);
    change(1);
    change(2);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(announced).toEqual([[1]]);
    committed.add(2);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(announced).toEqual([[1], [2]]);
  });

  it('a change that was rolled back is forgotten after a minute', async () => {
    change(1);
    await jest.advanceTimersByTimeAsync(MINUTE + 5_000);
    const { length } = query.mock.calls;
    expect(length).toBeLessThan(100);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(query).toHaveBeenCalledTimes(length);
  });

  it('a statement that fails is repeated', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    query.mockRejectedValueOnce(new Error('the database is away'));
    committed.add(1);
    change(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(announced).toEqual([[1]]);
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });

  it('an instance that stops announces what is committed', async () => {
    committed.add(1);
    change(1);
    await announcements.onApplicationShutdown();
    expect(announced).toEqual([[1]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('an instance that stops during an announcement announces nothing later', async () => {
    let end: (rows: { id: number }[]) => void = () => undefined;
    query.mockImplementationOnce(() => new Promise((resolve) => (end = resolve)));
    change(1);
    change(2);
    await jest.advanceTimersByTimeAsync(100);
    const stopping = announcements.onApplicationShutdown();
    end([{ id: 1 }]);
    await stopping;
    expect(query).toHaveBeenCalledTimes(2);
    change(3);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('other notices are ignored', async () => {
    notices.emit('notice', 'relation "orders" already exists, skipping');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(query).not.toHaveBeenCalled();
  });
});
