import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { endWithTests, freePort, stopChild } from './support/servers';
import { SECRET_KEY } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const DEPLOY = join(__dirname, '..', 'deploy');
const RULES = join(DEPLOY, 'prometheus', 'alerts.yml');
const RULE_TESTS = join(DEPLOY, 'prometheus', 'alerts.test.yml');
const read = (file: string): string => readFileSync(file, 'utf8');

/** `npm test` tries to install Prometheus; where it could not, its tests are skipped. */
const hasPrometheus = ['promtool', 'prometheus'].every(
  (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
);
const withPrometheus = hasPrometheus ? describe : describe.skip;

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly type: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

withPrometheus('The alert rules and the dashboard', () => {
  let system: TestSystem;
  let prometheus: string;
  let stopPrometheus: () => Promise<void>;

  /** Starts a Prometheus on loopback that reads the metrics of the services each second. */
  const startPrometheus = async (): Promise<void> => {
    const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-prometheus-'));
    const targets = system.services.map(({ url }) => new URL(url).host);
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [RULES],
      scrape_configs: [
        {
          job_name: 'appmax-checkout',
          authorization: { credentials: SECRET_KEY },
          static_configs: [{ targets }],
        },
      ],
    };
    // JSON is YAML, too.
    writeFileSync(join(directory, 'prometheus.yml'), JSON.stringify(config), { mode: 0o600 });
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: 'ignore' },
    );
    endWithTests(child);
    prometheus = `http://${address}`;
    stopPrometheus = async () => {
      await stopChild(child, 'SIGTERM');
      rmSync(directory, { recursive: true, force: true });
    };
  };

  const query = async (expression: string): Promise<unknown[]> => {
    const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { status, body } = await send('GET', url);
    expect({ expression, status }).toEqual({ expression, status: 200 });
    return (body['data'] as { result: unknown[] }).result;
  };

  /** Causes a value of each kind of metric: payments, a declined card, reads, webhooks of both kinds. */
  const trade = async (): Promise<void> => {
    const [service] = system.services;
    const pay = (method: string, body: object) =>
      service.send('POST', `/checkout/${system.key}/pay/${method}`, {
        body: { customer: CUSTOMER, order: ORDER, ...body },
      });
    const sold = await pay('pix', { document_number: CPF });
    await pay('credit-card', { payment: cardPayment() });
    await pay('credit-card', { payment: cardPayment('4000000000000002') });
    const orderId = sold.body['order_id'] as number;
    await service.send('GET', `/checkout/${system.key}/status/${orderId}`);
    await service.send('POST', '/webhooks/appmax', {
      body: { event: 'OrderPixCreated', data: { order_id: orderId } },
    });
    await service.send('POST', '/webhooks/appmax', { body: {} });
  };

  beforeAll(async () => {
    system = await startSystem();
    await startPrometheus();
    await eventually(async () => {
      expect(await query('up{job="appmax-checkout"} == 1')).toHaveLength(system.services.length);
    });
  });

  afterAll(async () => {
    await stopPrometheus();
    await system.stop();
  });

  it('the rules are valid, and each has a series that fires it and one that does not', () => {
    for (const args of [
      ['check', 'rules', RULES],
      ['test', 'rules', RULE_TESTS],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
      expect({ args, status, output: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({
        args,
        status: 0,
        output: '',
      });
    }
    const alerts = [...read(RULES).matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);
    const tests = read(RULE_TESTS)
      .split(/^ {2}- name: /m)
      .slice(1);
    const tested = (isQuiet: boolean): string[] =>
      tests
        .filter((text) => text.includes('exp_alerts: []') === isQuiet)
        .map((text) => /alertname: (\w+)/.exec(text)![1]!);
    expect(tested(false)).toEqual(alerts);
    expect(tested(true)).toEqual(alerts);
  });

  it('Prometheus evaluates each rule, and the runbook says what each means and what to do', async () => {
    const sections = read(join(__dirname, '..', 'docs', 'runbook.md'))
      .split('\n## ')
      .slice(1);
    const inRunbook = new Map(sections.map((text) => [text.split('\n')[0]!, text]));
    await eventually(async () => {
      const { body } = await send('GET', `${prometheus}/api/v1/rules`);
      const rules = (body['data'] as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
      expect(rules.map(({ name, health }) => [name, health])).toEqual(
        [...inRunbook.keys()].map((name) => [name, 'ok']),
      );
      for (const { name, labels, annotations } of rules) {
        expect(['page', 'ticket']).toContain(labels['severity']);
        expect(annotations['runbook']).toBe(`docs/runbook.md#${name.toLowerCase()}`);
        for (const part of ['Meaning', 'Look', 'Do'])
          expect(inRunbook.get(name)).toMatch(new RegExp(`^\\*\\*${part}\\.\\*\\* \\S`, 'm'));
      }
    });
  });

  it('rules and dashboard use only metrics that the operations guide lists', () => {
    const guide = read(join(__dirname, '..', 'docs', 'operations.md'));
    const texts = [read(RULES), read(join(DEPLOY, 'grafana', 'dashboard.json'))];
    const names = texts.flatMap((text) => [...text.matchAll(/([a-z0-9_]+)\{job=/g)].map(([, name]) => name!));
    const ours = new Set(names.filter((name) => name !== 'up' && !/^(process|nodejs)_/.test(name)));
    expect(ours.size).toBeGreaterThan(15);
    const isListed = (name: string): boolean =>
      guide.includes(`| \`${name.replace(/_(bucket|count)$/, '')}\``);
    expect([...ours].filter((name) => !isListed(name))).toEqual([]);
  });

  it('each query of the dashboard succeeds and, after some traffic, has data', async () => {
    const { panels } = JSON.parse(read(join(DEPLOY, 'grafana', 'dashboard.json'))) as Dashboard;
    const expressions = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', '1m') })),
    );
    expect(panels.filter(({ type, targets }) => type !== 'row' && targets === undefined)).toEqual([]);
    expect(expressions.length).toBeGreaterThan(20);
    await eventually(async () => {
      // A rate needs two samples of a series, so the traffic goes on.
      await trade();
      await sleep(1_000);
      const empty: string[] = [];
      for (const { title, expr } of expressions)
        if ((await query(expr)).length === 0) empty.push(`${title}: ${expr}`);
      expect(empty).toEqual([]);
    });
  });

  it('no metric has a label whose number of values grows with merchants, orders or paths', async () => {
    const series = async (): Promise<number> => {
      const [row] = (await query('count({job="appmax-checkout"})')) as { value: [number, string] }[];
      return Number(row!.value[1]);
    };
    await trade();
    const [service] = system.services;
    const nonsense = async (round: number): Promise<void> => {
      for (const path of [
        `/nowhere/${round}`,
        `/checkout/shop-${round}/config`,
        `/checkout/x/status/${round}`,
      ])
        for (const method of ['GET', 'DELETE', 'PATCH']) await fetch(`${service.url}${path}`, { method });
      await service.send('POST', '/webhooks/appmax', {
        body: { event: `Event${round}`, data: { order_id: 1_000 + round } },
      });
    };
    const settled = async (): Promise<number> => {
      const begin = Date.now() / 1000;
      await eventually(async () => {
        const newest = (await query('min(timestamp(up{job="appmax-checkout"}))')) as {
          value: [number, string];
        }[];
        expect(Number(newest[0]!.value[1])).toBeGreaterThan(begin + 1);
      });
      return series();
    };
    await nonsense(0);
    const before = await settled();
    for (let round = 1; round <= 20; round += 1) await nonsense(round);
    expect((await settled()) - before).toBeLessThan(20);
  });
});
