/** Runs one benchmark: `npm run bench -- payments` or `npm run bench -- simulator`. */
import { benchAnnouncements } from './announcements';
import { benchBackground } from './background';
import { benchPayments } from './payments';
import { benchSimulator } from './simulator';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  announcements: benchAnnouncements,
  background: benchBackground,
  payments: benchPayments,
  simulator: benchSimulator,
};

async function main(): Promise<void> {
  const [name = ''] = process.argv.slice(2);
  const bench = BENCHMARKS[name];
  if (bench === undefined) {
    console.error(
      `Name one benchmark: ${Object.keys(BENCHMARKS).join(', ')}. Example: npm run bench -- payments`,
    );
    process.exitCode = 1;
    return;
  }
  await bench();
}

void main();
