import { createApp } from '../../src/app.setup';
import { parseConfig } from '../../src/config/config';
import { freePort } from './servers';
import { baseEnvironment, serviceAt, type TestService } from './service';

/** Starts a service in the test's own process, for tests that look into it. */
export async function startServiceInTest(
  environment: Readonly<Record<string, string>>,
): Promise<TestService> {
  const port = environment['APP_PORT'] ?? String(await freePort());
  const app = await createApp(parseConfig({ ...baseEnvironment(), APP_PORT: port, ...environment }));
  await app.listen({ host: '127.0.0.1', port: Number(port) });
  return serviceAt(port, () => app.close());
}
