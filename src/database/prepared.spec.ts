import { DatabaseError } from 'pg';
import { type DataSource, QueryFailedError } from 'typeorm';
import type { Pooling } from './data-source-options';
import { queryPrepared } from './prepared';

const STATEMENT = { name: 'one', text: 'SELECT $1::int AS n', values: [1] };

/** A data source whose pool answers each query with `answer`, and keeps what it was asked. */
function dataSource(
  pooling: Pooling | undefined,
  answer: () => unknown,
): { source: DataSource; asked: unknown[] } {
  const asked: unknown[] = [];
  const query = (statement: unknown): Promise<unknown> => {
    asked.push(statement);
    return Promise.resolve().then(answer);
  };
  const source = { options: { extra: { pooling } }, driver: { master: { query } } };
  return { source: source as unknown as DataSource, asked };
}

describe('queryPrepared', () => {
  it.each<Pooling | undefined>(['none', undefined])(
    'a statement is prepared by its name with the pooling %s',
    async (pooling) => {
      const { source, asked } = dataSource(pooling, () => ({ rows: [{ n: 1 }] }));
      await expect(queryPrepared(source, STATEMENT)).resolves.toEqual([{ n: 1 }]);
      expect(asked).toEqual([STATEMENT]);
    },
  );

  it.each<Pooling>(['session', 'transaction'])(
    'a statement has no name through a pooler: %s',
    async (pooling) => {
      const { source, asked } = dataSource(pooling, () => ({ rows: [] }));
      await queryPrepared(source, STATEMENT);
      expect(asked).toEqual([{ text: STATEMENT.text, values: STATEMENT.values }]);
    },
  );

  it('an error of PostgreSQL is thrown as TypeORM throws it', async () => {
    const error = Object.assign(new DatabaseError('relation "x" does not exist', 1, 'error'), {
      code: '42P01',
    });
    const { source } = dataSource('none', () => Promise.reject(error));
    const thrown: unknown = await queryPrepared(source, STATEMENT).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(QueryFailedError);
    expect((thrown as QueryFailedError).driverError).toBe(error);
  });

  it('an error of the connection is thrown as it is', async () => {
    const error = new Error('Connection terminated');
    const { source } = dataSource('none', () => Promise.reject(error));
    await expect(queryPrepared(source, STATEMENT)).rejects.toBe(error);
  });
});
