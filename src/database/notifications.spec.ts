import { type EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import { Notifications } from './notifications';

/** A PostgreSQL whose notifications a test can drop. */
const mockServer = { isDeaf: false, isDown: false, clients: [] as EventEmitter[] };

jest.mock('./pool/pooled-client', () => {
  // The factory runs before the imports of this file.
  const { EventEmitter: Emitter } = jest.requireActual<{ EventEmitter: typeof EventEmitter }>('node:events');
  class PooledClient extends Emitter {
    connect(): Promise<void> {
      if (mockServer.isDown) return Promise.reject(new Error('connect ECONNREFUSED'));
      mockServer.clients.push(this);
      return Promise.resolve();
    }

    query(): Promise<void> {
      return Promise.resolve();
    }

    end(): Promise<void> {
      this.emit('end');
      return Promise.resolve();
    }

    escapeIdentifier(name: string): string {
      return name;
    }
  }
  return { PooledClient };
});

// The pauses between reconnections: Jest's fake timers don't reach them.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const PING_MILLISECONDS = 20_000;
const CHECK_MILLISECONDS = 3_000;

describe('Notifications', () => {
  let notifications: Notifications;
  const lines: string[] = [];
  const onLost = jest.fn();
  const onGap = jest.fn(() => Promise.resolve());
  const listener = { channel: 'installations', onMessage: () => undefined, onLost, onGap };

  beforeEach(() => {
    jest.useFakeTimers();
    jest.clearAllMocks();
    Object.assign(mockServer, { isDeaf: false, isDown: false, clients: [] });
    lines.length = 0;
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation((...[line]: unknown[]) => {
        lines.push(String(line));
      });
  });

  afterEach(async () => {
    await notifications.onModuleDestroy();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const start = async (direct: object | undefined, pooling = 'none'): Promise<void> => {
    const dataSource = {
      options: { extra: { pooling } },
      query: (_: string, [channel, payload]: unknown[]) => {
        if (!mockServer.isDeaf) mockServer.clients.at(-1)?.emit('notification', { channel, payload });
        return Promise.resolve();
      },
    };
    notifications = new Notifications(
      { database: { schema: 'public', direct, others: [] } } as unknown as Config,
      dataSource as unknown as DataSource,
    );
    const started = notifications.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(CHECK_MILLISECONDS);
    await started;
  };

  const DIRECT = { host: 'db', port: 5432 };

  it.each([
    ['with an address of its own', DIRECT, 'none'],
    ['through a pooler in session mode', undefined, 'session'],
    ['through a pooler in transaction mode, with an address of its own', DIRECT, 'transaction'],
  ])('%s, notifications that do not arrive are reported at start', async (_, direct, pooling) => {
    mockServer.isDeaf = true;
    await start(direct, pooling);
    expect(lines).toEqual([expect.stringContaining("Notifications of PostgreSQL don't arrive")]);
    expect(await notifications.listen(listener)).toBe(false);
  });

  it('a connection to the server itself is not checked, and opened only when somebody listens', async () => {
    mockServer.isDeaf = true;
    await start(undefined);
    expect(mockServer.clients).toEqual([]);
    expect(await notifications.listen(listener)).toBe(true);
    expect(lines).toEqual([]);
  });

  it('listeners are told when notifications stop to arrive, and when they arrive again', async () => {
    await start(DIRECT);
    expect(await notifications.listen(listener)).toBe(true);
    expect(lines).toEqual([]);
    mockServer.isDeaf = true;
    await jest.advanceTimersByTimeAsync(2 * PING_MILLISECONDS + CHECK_MILLISECONDS);
    expect([onLost.mock.calls.length, onGap.mock.calls.length]).toEqual([1, 0]);
    mockServer.isDeaf = false;
    await jest.advanceTimersByTimeAsync(2 * PING_MILLISECONDS + CHECK_MILLISECONDS);
    expect([onLost.mock.calls.length, onGap.mock.calls.length]).toEqual([1, 1]);
    expect(lines).toEqual([
      expect.stringContaining("don't arrive"),
      'Notifications of PostgreSQL arrive again',
    ]);
  });

  it('listeners are told nothing after a reconnection while notifications do not arrive', async () => {
    mockServer.isDeaf = true;
    await start(DIRECT);
    await notifications.listen(listener);
    mockServer.clients.at(-1)?.emit('end');
    await jest.advanceTimersByTimeAsync(CHECK_MILLISECONDS);
    expect(lines.at(-1)).toBe('Listening for notifications again');
    expect([onLost.mock.calls.length, onGap.mock.calls.length]).toEqual([1, 0]);
  });

  it('a connection that is lost during the check is opened again', async () => {
    await start(DIRECT);
    await notifications.listen(listener);
    mockServer.isDeaf = true;
    mockServer.clients.at(-1)?.emit('end');
    await jest.advanceTimersByTimeAsync(CHECK_MILLISECONDS / 2);
    mockServer.isDeaf = false;
    mockServer.clients.at(-1)?.emit('end');
    await jest.advanceTimersByTimeAsync(4 * CHECK_MILLISECONDS);
    expect(mockServer.clients).toHaveLength(3);
    expect(lines.at(-1)).toBe('Listening for notifications again');
    expect(onGap).toHaveBeenCalled();
  });

  it('an address that nothing listens on is reported at start, and the next listener tries again', async () => {
    mockServer.isDown = true;
    await start(DIRECT);
    expect(lines).toEqual([expect.stringContaining('failed: connect ECONNREFUSED')]);
    await expect(notifications.listen(listener)).rejects.toThrow('ECONNREFUSED');
    mockServer.isDown = false;
    expect(await notifications.listen(listener)).toBe(true);
  });
});
