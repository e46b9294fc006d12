import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SecretKeys } from '../../common/access/secret-keys';
import { type ApiError } from '../../common/errors/api-error';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { SignInCookie } from './sign-in-cookie';
import { SignIns } from './sign-ins';

/** A database without sign-ins. It counts the queries, and the most that ran at the same time. */
class EmptyDatabase {
  queries = 0;
  mostAtOnce = 0;
  private running = 0;

  async query(): Promise<unknown[]> {
    this.queries += 1;
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await Promise.resolve();
    this.running -= 1;
    return [];
  }
}

const madeUp = (): string => randomBytes(32).toString('base64url');

describe('SignIns', () => {
  let database: EmptyDatabase;
  let signIns: SignIns;

  beforeEach(() => {
    database = new EmptyDatabase();
    signIns = new SignIns(
      database as unknown as DataSource,
      new SecretKeys(['a-key-of-sixteen-and-more']),
      new KeyedDigest({ current: randomBytes(32), previous: [] }),
      new SignInCookie({ publicUrl: 'http://localhost' }),
    );
  });

  const find = (token: string, method = 'GET'): Promise<unknown> =>
    signIns.holderOf({ method, headers: { cookie: `console=${token}` } });

  it('made-up cookies use at most two connections, and those that find no place get 429', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 250 }, () => find(madeUp())));
    expect(database.mostAtOnce).toBe(2);
    const refused = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [(answer.reason as ApiError).getStatus()] : [],
    );
    expect(refused).toEqual(Array.from({ length: 48 }, () => 429));
  });

  it.each(['', 'x', `${madeUp()}x`, madeUp().slice(1), `${madeUp().slice(1)}'`])(
    'a text that is no token is refused without a query: %s',
    async (token) => {
      expect(await find(token)).toBeUndefined();
      expect(database.queries).toBe(0);
    },
  );

  it('a change without the header of the console is refused without a query', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await find(madeUp(), method)).toBeUndefined();
    expect(database.queries).toBe(0);
  });
});
