import { queryRows, type StatementRunner } from '../rows';

/** A column of one of the three tables, in PostgreSQL's notation. */
interface Column {
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
}

/** The parts of a table that the takeover compares and changes. */
interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  /** Definitions of constraints, by the names that they have in a database of this service. */
  readonly constraints: Readonly<Record<string, string>>;
}

const TIMESTAMP = 'timestamp without time zone';
const NOW = 'now()';

const required = (type: string, fallback: string | null = null): Column => ({
  type,
  nullable: false,
  default: fallback,
});
const nullable = (type: string, fallback: string | null = null): Column => ({
  type,
  nullable: true,
  default: fallback,
});
const id = (table: string): Column => required('bigint', `nextval('${table}_id_seq'::regclass)`);

/** The three tables as the first migrations of this service create them. */
export const TABLES: Readonly<Record<string, Table>> = {
  installations: {
    columns: {
      id: id('installations'),
      external_key: required('character varying(255)'),
      app_id: required('character varying(255)'),
      merchant_client_id: required('character varying(512)'),
      merchant_client_secret: required('character varying(512)'),
      external_id: required('uuid'),
      installed_at: required(TIMESTAMP, NOW),
      created_at: nullable(TIMESTAMP),
      updated_at: nullable(TIMESTAMP),
    },
    constraints: {
      installations_pkey: 'PRIMARY KEY (id)',
      installations_external_key_key: 'UNIQUE (external_key)',
      installations_external_id_key: 'UNIQUE (external_id)',
    },
  },
  orders: {
    columns: {
      id: id('orders'),
      installation_id: required('bigint'),
      appmax_customer_id: required('integer'),
      appmax_order_id: required('integer'),
      status: required('character varying(64)', "'pendente'::character varying"),
      payment_method: nullable('character varying(32)'),
      total_cents: required('integer', '0'),
      pix_qr_code: nullable('text'),
      pix_emv: nullable('text'),
      boleto_pdf_url: nullable('text'),
      boleto_digitavel: nullable('text'),
      upsell_hash: nullable('character varying(255)'),
      created_at: nullable(TIMESTAMP),
      updated_at: nullable(TIMESTAMP),
    },
    constraints: {
      orders_pkey: 'PRIMARY KEY (id)',
      orders_installation_id_fkey: 'FOREIGN KEY (installation_id) REFERENCES installations(id)',
      orders_appmax_order_id_key: 'UNIQUE (appmax_order_id)',
    },
  },
  webhook_events: {
    columns: {
      id: id('webhook_events'),
      event: required('character varying(64)'),
      event_type: required('character varying(32)'),
      appmax_order_id: nullable('integer'),
      payload: required('json'),
      processed: required('boolean', 'false'),
      processed_at: nullable(TIMESTAMP),
      error_message: nullable('text'),
      created_at: nullable(TIMESTAMP, NOW),
    },
    constraints: { webhook_events_pkey: 'PRIMARY KEY (id)' },
  },
};

/** The columns of Goravel's table `migrations`; that of TypeORM has other ones. */
const GORAVEL_COLUMNS = 'batch,id,migration';
/** The name under which Goravel's table is kept. */
export const KEPT_TABLE = 'goravel_migrations';

/** The text of errors about a database of the Go example that has not been taken over. */
export const TAKE_OVER_FIRST =
  "This is the database of Appmax's Go example. Take it over first: npm run database:takeover " +
  '(see docs/how-to/move-from-the-go-example.md)';

/** The differences between a database and that of the Go example, and the statements that remove the expected ones. */
export interface Comparison {
  /** The differences that the takeover can't handle, one line each; empty if the database can be taken over. */
  readonly differences: readonly string[];
  /** SQL that gives columns and constraints the types, defaults and names of this service. */
  readonly statements: readonly string[];
}

/** Returns true if the table `migrations` of the current schema is Goravel's. */
export async function isGoDatabase(runner: StatementRunner): Promise<boolean> {
  const columns = await queryRows<{ name: string }>(
    runner,
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass('migrations') AND attnum > 0 AND NOT attisdropped ORDER BY attname`,
  );
  return columns.map(({ name }) => name).join() === GORAVEL_COLUMNS;
}

/** Compares the catalogue of the current schema with the database of the Go example. */
export async function compareCatalogue(runner: StatementRunner): Promise<Comparison> {
  const found: { differences: string[]; statements: string[] } = { differences: [], statements: [] };
  await compareColumns(runner, found);
  await compareConstraints(runner, found);
  found.differences.push(...(await foreignParts(runner)));
  return found;
}

async function compareColumns(
  runner: StatementRunner,
  { differences, statements }: { differences: string[]; statements: string[] },
): Promise<void> {
  const rows = await queryRows<Column & { table: string; name: string }>(
    runner,
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
            NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS default
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname = ANY($1)
     ORDER BY c.relname, a.attnum`,
    [Object.keys(TABLES)],
  );
  for (const [table, { columns }] of Object.entries(TABLES)) {
    const ofTable = rows.filter((row) => row.table === table);
    if (ofTable.length === 0) {
      differences.push(`the table ${table} is missing`);
      continue;
    }
    for (const { name } of ofTable)
      if (!(name in columns)) differences.push(`${table}.${name} is not a column of the Go example`);
    for (const [name, expected] of Object.entries(columns)) {
      const actual = ofTable.find((row) => row.name === name);
      if (actual === undefined) differences.push(`${table}.${name} is missing`);
      else if (isExpected(actual, expected))
        statements.push(...alterations(table, name, { actual, expected }));
      else differences.push(`${table}.${name} is ${textOf(actual)}, expected ${textOf(expected)}`);
    }
  }
}

/** Returns true if a column is the expected one, except for what {@link alterations} changes. */
function isExpected(actual: Column, expected: Column): boolean {
  if (expected.type !== TIMESTAMP) return textOf(actual) === textOf(expected);
  // Goravel cuts instants to seconds, names the current time otherwise, and lets no created_at of events be null.
  return (
    /^timestamp(\(\d\))? without time zone$/.test(actual.type) &&
    (actual.default === null) === (expected.default === null) &&
    (actual.default === null || /^(CURRENT_TIMESTAMP|now\(\))$/.test(actual.default)) &&
    (!actual.nullable || expected.nullable)
  );
}

function alterations(
  table: string,
  name: string,
  { actual, expected }: { readonly actual: Column; readonly expected: Column },
): string[] {
  const changes = [
    ...(actual.type === expected.type ? [] : ['TYPE TIMESTAMP']),
    ...(actual.default === expected.default ? [] : ['SET DEFAULT NOW()']),
    ...(actual.nullable === expected.nullable ? [] : ['DROP NOT NULL']),
  ];
  if (changes.length === 0) return [];
  return [`ALTER TABLE ${table} ${changes.map((change) => `ALTER COLUMN ${name} ${change}`).join(', ')}`];
}

function textOf(column: Column): string {
  const fallback = column.default === null ? '' : ` DEFAULT ${column.default}`;
  return `${column.type}${column.nullable ? '' : ' NOT NULL'}${fallback}`;
}

async function compareConstraints(
  runner: StatementRunner,
  { differences, statements }: { differences: string[]; statements: string[] },
): Promise<void> {
  const rows = await queryRows<{ table: string; name: string; definition: string }>(
    runner,
    `SELECT c.relname AS table, o.conname AS name, pg_get_constraintdef(o.oid) AS definition
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1) AND o.contype <> 'n'
     ORDER BY c.relname, o.conname`,
    [Object.keys(TABLES)],
  );
  for (const [table, { constraints }] of Object.entries(TABLES)) {
    const left = rows.filter((row) => row.table === table);
    if (left.length === 0) continue;
    for (const [name, definition] of Object.entries(constraints)) {
      const index = left.findIndex((row) => row.definition === definition);
      const [actual] = index === -1 ? [] : left.splice(index, 1);
      if (actual === undefined) differences.push(`${table} lacks ${definition}`);
      else if (actual.name !== name)
        statements.push(`ALTER TABLE ${table} RENAME CONSTRAINT ${quote(actual.name)} TO ${name}`);
    }
    for (const { name, definition } of left)
      differences.push(`${table} has the constraint ${name}, which the Go example has not: ${definition}`);
  }
}

/** Finds what could refuse or change rows that this service writes, and a table with the name of Goravel's kept one. */
async function foreignParts(runner: StatementRunner): Promise<string[]> {
  const rows = await queryRows<{ text: string }>(
    runner,
    `SELECT format('%s has the trigger %s, which the Go example has not', c.relname, t.tgname) AS text
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1) AND NOT t.tgisinternal
     UNION ALL
     SELECT format('%s has the unique index %s, which the Go example has not', c.relname, i.indexrelid::regclass)
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1) AND i.indisunique
       AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.conrelid = c.oid)
     UNION ALL
     SELECT format('the table %s exists already', $2::text) WHERE to_regclass($2::text) IS NOT NULL
     ORDER BY text`,
    [Object.keys(TABLES), KEPT_TABLE],
  );
  return rows.map(({ text }) => text);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
