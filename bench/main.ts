/** Measures the service: `npm run bench -- payments`. Each benchmark says in its output what it measured and how. */
import { benchPayments } from './payments';
import { benchSimulator } from './simulator';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  payments: benchPayments,
  simulator: benchSimulator,
};

async function main(): Promise<void> {
  const [name = ''] = process.argv.slice(2);
  const bench = BENCHMARKS[name];
  if (bench === undefined) {
    console.error(
      `Which benchmark? One of: ${Object.keys(BENCHMARKS).join(', ')}. Usage: npm run bench -- payments`,
    );
    process.exitCode = 1;
    return;
  }
  await bench();
}

void main();
