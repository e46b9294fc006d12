import { AsyncResource } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { currentTraceparent, inCallSpan, isTracing } from '../../common/tracing/spans';
import { poolOf } from './watch-pool';

const LONGEST_TEXT = 2_000;

/** The table that a statement changes, or the first one that it reads; not a function, and no schema before it. */
const CHANGED = /\b(INSERT|UPDATE|DELETE)(?: INTO| FROM)?\s+(?!OF\b|SET\b|SKIP\b)(?:"?\w+"?\.)?"?([a-z_]+)/;
const READ = /\bFROM\s+(?:"?\w+"?\.)?"?([a-z_]+)\b(?!\()/;

/** The argument of pg's `query`: a text, or a statement that may have a name. */
type Statement = string | { readonly text?: string; readonly name?: string };

/**
 * Runs a statement in a span of its own. The span has the statement's text, in which values are parameters, and never the
 * parameters.
 */
export function inStatementSpan<Value>(statement: unknown, run: () => Promise<Value>): Promise<Value> {
  const { text = '', name } =
    typeof statement === 'string' ? { text: statement } : (statement as Exclude<Statement, string>);
  return inCallSpan(
    {
      name: name?.split(' ', 1)[0] ?? summaryOf(text),
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': text.slice(0, LONGEST_TEXT) },
    },
    run,
  );
}

/** Returns a short name such as `INSERT orders`: the verb and the table, or the first words. */
export function summaryOf(text: string): string {
  const [, verb, changed] = CHANGED.exec(text) ?? [];
  if (verb !== undefined && changed !== undefined) return `${verb} ${changed}`;
  const [, table] = READ.exec(text) ?? [];
  return table === undefined ? (/^\s*([A-Z]+(?: [A-Z]+)?)/.exec(text)?.[1] ?? '') : `SELECT ${table}`;
}

/**
 * Returns the statement that begins a transaction, with the current trace as a setting of the transaction: rows that
 * triggers write in it, such as notifications, keep the trace as their cause. Other statements are returned unchanged.
 */
export function withTrace(statement: unknown): unknown {
  if (statement !== 'START TRANSACTION') return statement;
  const traceparent = currentTraceparent();
  return traceparent === null
    ? statement
    : `START TRANSACTION; SET LOCAL appmax_checkout.traceparent = '${traceparent}'`;
}

/**
 * Lets those who wait for a connection of the pool continue in their own trace. pg calls them back in that of the request
 * that returns the connection.
 */
export function keepTraces(dataSource: DataSource): void {
  if (!isTracing()) return;
  const pool = poolOf(dataSource);
  const connect = pool.connect.bind(pool) as (...callbacks: unknown[]) => unknown;
  const bound = (callback?: (...results: unknown[]) => void): unknown =>
    callback === undefined ? connect() : connect(AsyncResource.bind(callback));
  pool.connect = bound as typeof pool.connect;
}
