import type { DataSource } from 'typeorm';
import type { Config } from '../../config';
import type { InstallationsService } from '../../installations';
import type { OrderSync, SyncOutcome } from '../../orders';
import type { EventQueue, LeasedEvent } from './event-queue';
import { OrderAdoption } from './order-adoption';

const PER_SECOND = 4;
const RETRY_AT = new Date('2026-03-01T00:00:00Z');

const eventOf = (id: number, attempts = 3): LeasedEvent => ({
  id,
  event: 'OrderPaid',
  orderId: 1_000 + id,
  orderStatus: null,
  createdAt: new Date(0),
  attempts,
  isOverdue: false,
  traceparent: null,
});

describe('OrderAdoption', () => {
  const payloads = new Map<number, unknown>();
  const outcomes: SyncOutcome[] = [];
  const payloadsOf = jest.fn((ids: readonly number[]) =>
    Promise.resolve(new Map(ids.map((id) => [id, payloads.get(id)]))),
  );
  const query = jest.fn((_sql: string, [keys]: [string[]]) =>
    Promise.resolve(keys.filter((key) => key.startsWith('shop')).map((key) => ({ key }))),
  );
  const find = jest.fn((key: string) => Promise.resolve({ externalKey: key }));
  const sync = jest.fn<Promise<SyncOutcome>, [{ orderId: number; merchant: { externalKey: string } }]>();
  const adoption = new OrderAdoption(
    { appmax: { backgroundReads: { perSecond: PER_SECOND } } } as Config,
    { query } as unknown as DataSource,
    { payloadsOf } as unknown as EventQueue,
    { find } as unknown as InstallationsService,
    { sync } as unknown as OrderSync,
  );

  beforeEach(() => {
    payloads.clear();
    outcomes.length = 0;
    jest.clearAllMocks();
    sync.mockImplementation(() => Promise.resolve(outcomes.shift() ?? { kind: 'unknown' }));
  });

  it('keys of forged events are looked up by one statement, and those of no merchant cause no call', async () => {
    const events = Array.from({ length: 250 }, (_, id) => eventOf(id));
    for (const { id } of events) payloads.set(id, { external_key: `nobody ${id}` });
    const waiting = await adoption.adopt(events);
    expect(waiting).toEqual(
      events.map((event) => ({ event, why: 'its order did not appear', isOrderMissing: true })),
    );
    expect([payloadsOf, query, find, sync].map((mock) => mock.mock.calls.length)).toEqual([3, 1, 0, 0]);
  });

  it('once a merchant has no read left, its other orders of the set wait without a call, at the rate of reads', async () => {
    const events = [1, 2, 3, 4].map((id) => eventOf(id));
    for (const { id } of events) payloads.set(id, { external_key: 'shop' });
    outcomes.push(
      { kind: 'failed', problem: 'Appmax does not know the order', wasAsked: true },
      { kind: 'recent', retryAt: RETRY_AT, isMerchantBusy: true },
    );
    const waiting = await adoption.adopt(events);
    expect(sync.mock.calls.map(([{ orderId }]) => orderId)).toEqual([1_001, 1_002]);
    expect(waiting.map(({ why, until, wasAsked }) => [why, until?.toISOString(), wasAsked])).toEqual([
      ['its order did not appear (Appmax does not know the order)', undefined, undefined],
      ['its order did not appear', '2026-03-01T00:00:00.000Z', false],
      ['its order did not appear', '2026-03-01T00:00:00.250Z', false],
      ['its order did not appear', '2026-03-01T00:00:00.500Z', false],
    ]);
  });

  it('a set asks for at most 5 orders of a merchant', async () => {
    const events = Array.from({ length: 20 }, (_, id) => eventOf(id));
    for (const { id } of events) payloads.set(id, { external_key: 'shop' });
    sync.mockResolvedValue({ kind: 'failed', problem: 'Appmax does not know the order' });
    const waiting = await adoption.adopt(events);
    expect(sync).toHaveBeenCalledTimes(5);
    expect(waiting.map(({ wasAsked }) => wasAsked)).toEqual(
      events.map((_, index) => (index < 5 ? undefined : false)),
    );
    expect(waiting[19]!.until!.getTime() - waiting[5]!.until!.getTime()).toBe((14 * 1_000) / PER_SECOND);
  });

  it('a merchant without reads does not keep those of another merchant', async () => {
    payloads.set(1, { external_key: 'shop 1' });
    payloads.set(2, { client_key: 'shop 2' });
    sync.mockImplementation(({ merchant: { externalKey } }) =>
      Promise.resolve(
        externalKey === 'shop 1'
          ? { kind: 'recent', retryAt: RETRY_AT, isMerchantBusy: true }
          : { kind: 'fresh', state: { status: 'aprovado', askedAt: RETRY_AT } },
      ),
    );
    const waiting = await adoption.adopt([eventOf(1), eventOf(2)]);
    expect(waiting.map(({ event }) => event.id)).toEqual([1]);
    expect(find.mock.calls).toEqual([['shop 1'], ['shop 2']]);
  });

  it.each([
    ['an attempt that only looks', eventOf(1, 4), { external_key: 'shop' }],
    ['a body that is no object', eventOf(1), ['shop']],
    ['a key that is no text', eventOf(1), { external_key: 5 }],
    ['a key with a NUL character', eventOf(1), { external_key: 'shop\0' }],
  ])('%s causes no call', async (_, event, payload) => {
    payloads.set(event.id, payload);
    expect(await adoption.adopt([event])).toEqual([
      { event, why: 'its order did not appear', isOrderMissing: true },
    ]);
    expect([query, find, sync].map((mock) => mock.mock.calls.length)).toEqual([0, 0, 0]);
  });
});
