/**
 * Runs benchmarks and prints one table: `npm run bench` runs all, `npm run bench -- stream` one. `--quick` has short
 * rounds, `--markdown` prints the table for docs/performance.md.
 */
import { availableParallelism, cpus } from 'node:os';
import { benchAnnouncements } from './announcements';
import { benchBackground } from './background';
import { benchConsole } from './console';
import { benchOperators } from './operators';
import { benchPage } from './page';
import { benchPayments } from './payments';
import { benchSimulator } from './simulator';
import { benchSizes } from './sizes';
import { benchStart } from './start';
import { benchStatus } from './status';
import { benchStream } from './stream';
import { readCommand } from './support/command-line';
import { type Benchmark, type BenchOptions, type BenchResult } from './support/result';
import { markdownTable, textTable } from './support/table';
import { benchTracing } from './tracing';
import { benchWebhooks } from './webhooks';

/** Benchmarks in the order in which they run. One that returns nothing prints its figures itself. */
const BENCHMARKS: Readonly<Record<string, Benchmark | ((options: BenchOptions) => Promise<void>)>> = {
  webhooks: benchWebhooks,
  status: benchStatus,
  payments: benchPayments,
  background: benchBackground,
  stream: benchStream,
  start: benchStart,
  announcements: benchAnnouncements,
  page: benchPage,
  operators: benchOperators,
  console: benchConsole,
  simulator: benchSimulator,
  sizes: benchSizes,
  tracing: benchTracing,
};
/** Run only if they are named: they do not measure the service as a whole, or need a Chromium. */
const BY_NAME_ONLY: ReadonlySet<string> = new Set([
  'announcements',
  'console',
  'operators',
  'page',
  'simulator',
  'sizes',
  'tracing',
]);

async function main(): Promise<void> {
  const all = Object.keys(BENCHMARKS);
  const { names, quick, markdown } = readCommand(process.argv.slice(2), {
    all,
    byDefault: all.filter((name) => !BY_NAME_ONLY.has(name)),
  });
  const startedAt = performance.now();
  const results: BenchResult[] = [];
  for (const name of names) {
    progress(startedAt, name);
    try {
      results.push(...((await BENCHMARKS[name]?.({ quick })) ?? []));
    } catch (error) {
      progress(
        startedAt,
        `${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      process.exitCode = 1;
    }
  }
  progress(startedAt, 'done');
  if (results.length === 0) return;
  console.log(machine());
  console.log(`\n${markdown ? markdownTable(results) : textTable(results)}`);
}

/** Prints a line to stderr, so that stdout has only the table. */
function progress(startedAt: number, text: string): void {
  console.error(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${text}`);
}

/** Returns one line about what the figures depend on. */
function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} cores (${model}), Node ${process.versions.node}, PostgreSQL with fsync`;
}

// Without a handler a signal would end this process without its exit handlers, which kill what was started.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  // A benchmark that failed may have left programs running, which are killed at the exit of this process.
  .finally(() => process.exit());
