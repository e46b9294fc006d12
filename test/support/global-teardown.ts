import { rmSync } from 'node:fs';
import { hostsOfRun } from './program-host';

/** Stops what {@link globalSetup} and the test files' hosts have started. */
export default async function globalTeardown(): Promise<void> {
  const { directory, ids } = hostsOfRun();
  for (const id of ids) process.kill(id);
  rmSync(directory, { recursive: true, force: true });
  await Promise.all(globalThis.testServers.map((server) => server.stop()));
}
