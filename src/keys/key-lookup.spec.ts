import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { hashOf, KEY_CACHE_MILLISECONDS, KeyLookup } from './key-lookup';

const KEY = `amxk_${'a'.repeat(43)}`;
const otherKey = (index: number): string => `amxk_${String(index).padStart(43, '0')}`;

const ROW = {
  id: 7,
  name: 'shop-backend',
  scopes: ['read'],
  installation_id: 3,
  external_key: 'shop-42',
  expires_at: null as Date | null,
  is_use_due: false,
};

/** A database with one key. It counts the queries, and the most that ran at the same time. */
class FakeDatabase {
  row: typeof ROW | undefined = ROW;
  readonly statements: string[] = [];
  mostAtOnce = 0;
  private running = 0;

  async query(sql: string, [hash]: unknown[]): Promise<unknown[]> {
    this.statements.push(sql.trim().split(' ', 1)[0]!);
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await Promise.resolve();
    this.running -= 1;
    return hash === hashOf(KEY) && this.row !== undefined ? [this.row] : [];
  }
}

describe('KeyLookup', () => {
  let database: FakeDatabase;
  let lookup: KeyLookup;

  beforeEach(() => {
    // The cache has the monotonic clock since it was loaded, so that clock is moved by hand.
    jest.useFakeTimers({ doNotFake: ['performance'] });
    const start = performance.now();
    const startedAt = Date.now();
    jest.spyOn(performance, 'now').mockImplementation(() => start + Date.now() - startedAt);
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    database = new FakeDatabase();
    lookup = new KeyLookup(database as unknown as DataSource);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('a key is found by its hash with its scopes and its shop', async () => {
    expect(await lookup.find(KEY)).toEqual({
      id: 7,
      name: 'shop-backend',
      scopes: ['read'],
      shop: { installationId: 3, externalKey: 'shop-42' },
      expiresAt: undefined,
    });
    expect(await lookup.find(otherKey(1))).toBeUndefined();
  });

  it('any number of requests with a key are one query within the cache time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => lookup.find(KEY)));
    jest.advanceTimersByTime(KEY_CACHE_MILLISECONDS - 1);
    await lookup.find(KEY);
    expect(database.statements).toEqual(['SELECT']);
    jest.advanceTimersByTime(2);
    database.row = undefined;
    expect(await lookup.find(KEY)).toBeUndefined();
    expect(database.statements).toEqual(['SELECT', 'SELECT']);
  });

  it('a cached key is refused from its expiry on', async () => {
    database.row = { ...ROW, expires_at: new Date(Date.now() + 1_000) };
    expect(await lookup.find(KEY)).toBeDefined();
    jest.advanceTimersByTime(1_000);
    expect(await lookup.find(KEY)).toBeUndefined();
    expect(database.statements).toEqual(['SELECT']);
  });

  it('after forget() the database is asked again', async () => {
    await lookup.find(KEY);
    lookup.forget();
    await lookup.find(KEY);
    expect(database.statements).toEqual(['SELECT', 'SELECT']);
  });

  it('the time of use is written only if it is due, and a failure does not refuse the key', async () => {
    database.row = { ...ROW, is_use_due: true };
    const query = jest.spyOn(database, 'query');
    query.mockImplementation((sql) =>
      sql.trim().startsWith('UPDATE')
        ? Promise.reject(new Error('read-only'))
        : Promise.resolve([database.row]),
    );
    expect(await lookup.find(KEY)).toBeDefined();
    expect(query.mock.calls.map(([sql]) => sql.trim().split(' ', 1)[0])).toEqual(['SELECT', 'UPDATE']);
  });

  it('a text that has not the form of a key is refused without a query', async () => {
    for (const text of ['', 'x', 'amxk_', `amxk_${'a'.repeat(42)}`, `${KEY}a`, KEY.toUpperCase()])
      expect(await lookup.find(text)).toBeUndefined();
    expect(database.statements).toEqual([]);
  });

  it('guessed keys use at most two connections, and too many at once get 429', async () => {
    const guesses = Array.from({ length: 203 }, (_, index) => lookup.find(otherKey(index)));
    const refused = (await Promise.allSettled(guesses)).filter(({ status }) => status === 'rejected');
    expect(refused).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ status: 429 }) as unknown },
    ]);
    expect(database.mostAtOnce).toBe(2);
  });
});
