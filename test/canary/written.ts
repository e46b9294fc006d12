import type { RedisClientType } from '@redis/client';
import type { TestDatabase } from '../support/database';
import { keysLike } from '../support/redis';

/** A text that was written, and its location. */
export interface Written {
  readonly where: string;
  readonly text: string;
}

/** A row as `pg_dump` would write it. The payload of an event is kept separately. */
export interface WrittenRow extends Written {
  readonly payload: string;
}

/** Reads every row of every table, except PostgreSQL's own. */
export async function rowsOf(database: TestDatabase): Promise<WrittenRow[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const written: WrittenRow[] = [];
  for (const { name } of tables) {
    const rows = await database.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${name} t`,
    );
    for (const { row } of rows) {
      const { payload = null, ...columns } = row;
      // These columns, and no other, have the hash of a key or of a token.
      delete columns['key_hash'];
      delete columns['token_hash'];
      written.push({ where: name, text: JSON.stringify(columns), payload: JSON.stringify(payload) });
    }
  }
  return written;
}

/** Reads every key of a Redis database with its value. */
export async function entriesOf(redis: RedisClientType): Promise<Written[]> {
  const keys = await keysLike(redis, '*');
  return Promise.all(
    keys.map(async (key) => ({ where: 'Redis', text: `${key} ${await valueOf(redis, key)}` })),
  );
}

async function valueOf(redis: RedisClientType, key: string): Promise<string> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'zset':
      return (await redis.zRange(key, 0, -1)).join(' ');
    // The key expired after the scan.
    case 'none':
      return '';
    default:
      throw new Error(`Reading a Redis value of type ${type} is not implemented`);
  }
}
