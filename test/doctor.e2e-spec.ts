import { runCommand } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { cardPayment, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly text: string;
  readonly advice?: string;
}

/** Returns the state of each check. */
function statesOf(findings: readonly Finding[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ check, state }) => [check, state]));
}

describe('npm run doctor', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let service: TestService;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    environment = {
      ...database.environment,
      ...simulator.environment,
      WEBHOOK_TOKEN: 'a-token-of-the-webhooks',
    };
    service = await startService(environment);
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  const doctor = async (
    variables: Record<string, string> = {},
  ): Promise<{ code: number | null; error: string | undefined; findings: Finding[] }> => {
    const { code, output } = await runCommand('doctor', ['--json'], { ...environment, ...variables });
    const { error, checks } = JSON.parse(output.slice(output.indexOf('{"ok"'))) as {
      error?: string;
      checks: Finding[];
    };
    return { code, error, findings: checks };
  };

  it('beside a running service all checks succeed without storing anything, and first steps once they are done', async () => {
    const { code, error, findings } = await doctor();
    expect([code, error]).toEqual([0, undefined]);
    expect(statesOf(findings)).toEqual({
      settings: 'ok',
      database: 'ok',
      migrations: 'ok',
      cache: 'ok',
      clock: 'ok',
      // The service of the test has an address of this machine.
      'public URL': 'warning',
      'webhook path': 'ok',
      "Appmax's token": 'ok',
      addresses: 'ok',
      'first install': 'warning',
      'first webhook': 'warning',
      'first sale': 'warning',
    });
    expect(await database.query('SELECT 1 FROM webhook_events')).toEqual([]);
    const addresses = findings.find(({ check }) => check === 'addresses')!.text;
    const { APP_URL: url, WEBHOOK_TOKEN: token } = environment;
    for (const path of [
      '/integrations/appmax/callback/install\n',
      '/webhooks/appmax?token=…',
      '/install/start',
    ])
      expect(addresses).toContain(`${url}${path}`);
    expect(JSON.stringify(findings)).not.toContain(token);

    await install(service, simulator, 'doctor-shop');
    await service.send('POST', `/webhooks/appmax?token=${token}`, { body: { event: 'CustomerCreated' } });
    const sale = await service.send('POST', '/checkout/doctor-shop/pay/credit-card', {
      secretKey: SECRET_KEY,
      body: { customer: CUSTOMER, order: ORDER, payment: cardPayment() },
    });
    expect(sale).toMatchObject({ status: 200, body: { status: 'aprovado' } });
    expect(statesOf((await doctor()).findings)).toMatchObject({
      'first install': 'ok',
      'first webhook': 'ok',
      'first sale': 'ok',
    });
  });

  it('each part that does not work is reported with what to do, without its secrets', async () => {
    const [redis, nobody] = [String(await freePort()), String(await freePort())];
    const { code, error, findings } = await doctor({
      DB_PASSWORD: 'wrong-password',
      REDIS_PORT: redis,
      APP_URL: `http://127.0.0.1:${nobody}`,
      APPMAX_CLIENT_SECRET: 'wrong-secret',
    });
    expect([code, error]).toEqual([1, '4 failed']);
    expect(statesOf(findings)).toEqual({
      settings: 'ok',
      database: 'failed',
      migrations: 'skipped',
      cache: 'failed',
      clock: 'skipped',
      'public URL': 'failed',
      'webhook path': 'skipped',
      "Appmax's token": 'failed',
      addresses: 'ok',
      'first install': 'skipped',
      'first webhook': 'skipped',
      'first sale': 'skipped',
    });
    const advice = Object.fromEntries(findings.map((each) => [each.check, each.advice]));
    expect(advice).toMatchObject({
      database: 'Correct DB_USERNAME and DB_PASSWORD',
      cache: expect.stringContaining('REDIS_HOST') as string,
      'public URL': expect.stringContaining('Start the service') as string,
      "Appmax's token": expect.stringContaining('APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET') as string,
    });
    expect(JSON.stringify(findings)).not.toMatch(/wrong-/);
  });

  it('pending migrations, another webhook token, and missing credentials are reported', async () => {
    await database.query('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    const { code, findings } = await doctor({
      WEBHOOK_TOKEN: 'a-token-of-another-service',
      APPMAX_CLIENT_ID: '',
    });
    expect(code).toBe(1);
    const failures = findings.filter(({ state }) => state === 'failed');
    expect(failures.map(({ check, text }) => [check, text])).toEqual([
      ['migrations', expect.stringMatching(/^1 of \d+ are pending$/)],
      ['webhook path', expect.stringContaining('token is not that of the running service')],
      ["Appmax's token", 'APPMAX_CLIENT_ID or APPMAX_CLIENT_SECRET is not set'],
    ]);
    expect(failures[0]?.advice).toContain('npm run typeorm migration:run');
  });

  it('settings that are not valid are reported one by one, and nothing else is tried', async () => {
    const { code, output } = await runCommand('doctor', [], {
      ...environment,
      DB_CONNECTION: 'mysql',
      APP_PORT: 'http',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^failed {3}settings +APP_PORT must be a whole number$/m);
    expect(output).toMatch(/^failed {3}settings +DB_CONNECTION must be one of/m);
    expect(output).toMatch(/^skipped {2}Appmax's token +the settings are not valid$/m);
    expect(output).toMatch(/^2 failed$/m);
  });
});
