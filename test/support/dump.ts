import { spawnSync } from 'node:child_process';
import type { TestDatabase } from './database';

/**
 * Returns a dump of a database as text: that of `pg_dump`, if there is one that is not older than the server, else all
 * rows of all tables and sequences as `pg_dump` would write them. With it comes what PostgreSQL's statistics have of the
 * values, which a copy of the data directory contains as well.
 */
export async function dumpOf(database: TestDatabase): Promise<string> {
  const statistics = await rowsOf(database, 'pg_stats', 'WHERE schemaname = current_schema()');
  const {
    DB_HOST: host = '',
    DB_PORT: port = '',
    DB_USERNAME: user = '',
    DB_DATABASE: name = '',
    DB_PASSWORD: password = '',
  } = database.environment;
  const dumped = spawnSync('pg_dump', ['-h', host, '-p', port, '-U', user, name], {
    env: { PATH: process.env['PATH'], PGPASSWORD: password },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (dumped.status === 0) return dumped.stdout + statistics;
  const relations = await database.query<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'S') ORDER BY 1`,
  );
  const texts: string[] = [];
  for (const relation of relations) texts.push(await rowsOf(database, relation.name));
  return [...texts, statistics].join('\n');
}

async function rowsOf(database: TestDatabase, relation: string, condition = ''): Promise<string> {
  const [row] = await database.query<{ all: string | null }>(
    `SELECT string_agg(t::text, E'\\n') AS all FROM (SELECT * FROM ${relation} ${condition}) t`,
  );
  return row?.all ?? '';
}
