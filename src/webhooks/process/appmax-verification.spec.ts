import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config';
import type { OrderSync, SyncOutcome, SyncQueue } from '../../orders';
import { AppmaxVerification } from './appmax-verification';
import type { EventQueue, LeasedEvent, Waiting } from './event-queue';

const RECEIVED_AT = new Date('2026-03-01T00:00:00Z');
const ASKED_AT = new Date('2026-03-01T00:00:01Z');

const eventOf = (id: number, { event = 'OrderPaid', orderId = id } = {}): LeasedEvent => ({
  id,
  event,
  orderId,
  orderStatus: 'pendente',
  createdAt: RECEIVED_AT,
  attempts: 1,
  isOverdue: false,
  traceparent: null,
});

describe('AppmaxVerification', () => {
  const settle = jest.fn<Promise<void>, [readonly number[]]>(() => Promise.resolve());
  const requestAll = jest.fn(() => Promise.resolve());
  const sync = jest.fn<Promise<SyncOutcome>, [{ orderId: number }]>();
  const verification = new AppmaxVerification(
    { appmax: { backgroundReads: { orderIntervalSeconds: 30 } } } as Config,
    { settle } as unknown as EventQueue,
    { requestAll } as unknown as SyncQueue,
    { sync } as unknown as OrderSync,
  );

  const waiting: number[] = [];
  const wait = (more: readonly Waiting[]): Promise<void> => {
    waiting.push(...more.map(({ event }) => event.id));
    return Promise.resolve();
  };
  const answer = (status: string): Promise<SyncOutcome> =>
    Promise.resolve({ kind: 'fresh', state: { status, askedAt: ASKED_AT } });

  beforeEach(() => {
    jest.clearAllMocks();
    waiting.length = 0;
  });

  it('events that change nothing are settled by one statement, and one requests the syncs of their orders', async () => {
    const events = Array.from({ length: 100 }, (_, id) =>
      eventOf(id, { event: 'OrderPixCreated', orderId: Math.floor(id / 2) }),
    );
    await verification.verify(events, wait);
    expect(settle.mock.calls).toEqual([[events.map(({ id }) => id)]]);
    expect(requestAll.mock.calls).toEqual([
      [{ orderIds: Array.from({ length: 50 }, (_, id) => id), reason: 'webhook', inSeconds: 30 }],
    ]);
    expect(sync).not.toHaveBeenCalled();
  });

  it('one sync of an order settles what it confirms, and the rest waits', async () => {
    sync.mockImplementation(() => answer('aprovado'));
    const events = [eventOf(1, { orderId: 7 }), eventOf(2, { event: 'OrderRefund', orderId: 7 })];
    await verification.verify(events, wait);
    expect(sync).toHaveBeenCalledTimes(1);
    expect(settle.mock.calls.flatMap(([ids]) => ids)).toEqual([1]);
    expect(waiting).toEqual([2]);
  });

  it('events of an order that is read slowly do not keep those of the other orders', async () => {
    let end = (): void => undefined;
    const slow = new Promise<SyncOutcome>((resolve) => {
      end = () => {
        resolve({ kind: 'recent' });
      };
    });
    sync.mockImplementation(({ orderId }) => (orderId === 1 ? slow : answer('pendente')));
    const verified = verification.verify(
      Array.from({ length: 20 }, (_, index) => eventOf(index + 1)),
      wait,
    );
    await sleep(5);
    expect(waiting).toHaveLength(19);
    end();
    await verified;
    expect(waiting.at(-1)).toBe(1);
  });

  it('a read that fails unexpectedly is reported after the other orders are verified', async () => {
    sync.mockImplementation(({ orderId }) =>
      orderId === 1 ? Promise.reject(new Error('the database is away')) : answer('aprovado'),
    );
    const events = [1, 2, 3].map((id) => eventOf(id));
    await expect(verification.verify(events, wait)).rejects.toThrow('the database is away');
    expect(settle.mock.calls.flatMap(([ids]) => ids)).toEqual([2, 3]);
  });
});
