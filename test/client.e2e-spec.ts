import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { ApiError, AppmaxCheckout } from '../client/src';
import { SimulatorControl } from '../simulator/control-client';
import { VERSION } from '../src/common/version';
import { newProject } from './support/client-package';
import { createDatabase, type TestDatabase } from './support/database';
import { SECRET_KEY, type ServiceProcess, spawnService } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';
import { chargesByOrder } from './support/system';

const KEY = 'my-shop';
const CODE = { customer: CUSTOMER, order: ORDER, document_number: CPF };
const CARD = cardPayment() as { number: string; holder_name: string; holder_document_number: string };

describe('The client', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let service: ServiceProcess;
  let environment: Readonly<Record<string, string>>;
  let shop: AppmaxCheckout;

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    environment = { ...database.environment, ...simulator.environment };
    service = await spawnService(environment);
    await install(service, simulator, KEY);
    shop = new AppmaxCheckout({ baseUrl: service.url, key: KEY, secretKey: SECRET_KEY });
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  const atAppmax = async (orderId: number, action: string): Promise<void> => {
    expect((await simulator.send('POST', `/_simulator/orders/${orderId}/${action}`)).status).toBe(200);
  };

  it('it pays an order by each method, refunds it, and sells a session', async () => {
    const made = await shop.createOrder({ body: { customer: CUSTOMER, order: ORDER } });
    const paid = await shop.payByCard({ body: { order_id: made.order_id, payment: CARD } });
    expect([paid.order_id, paid.status]).toEqual([made.order_id, 'aprovado']);
    const refund = { order_id: made.order_id, type: 'partial', value: 100 } as const;
    expect(await shop.requestRefund({ body: refund })).toEqual({ message: 'Refund request accepted' });

    for (const code of [await shop.payByPix({ body: CODE }), await shop.payByBoleto({ body: CODE })]) {
      await atAppmax(code.order_id, 'pay');
      const statuses = [];
      for await (const { status } of shop.watchStatus(code.order_id)) {
        statuses.push(status);
        if (status === 'aprovado') break;
      }
      expect(statuses.at(-1)).toBe('aprovado');
      expect(await shop.getStatus({ order_id: code.order_id })).toEqual({ status: 'aprovado' });
    }

    const items = [{ sku: 'CAM-01', name: 'Camiseta', quantity: 2, unit_value: 7495 }];
    const session = await shop.createSession({ body: { items, customer: CUSTOMER } });
    const pix = await shop.paySessionByPix({ session: session.id, body: {} });
    await atAppmax(pix.order_id, 'pay');
    for await (const { status } of shop.watchSession(session.id)) if (status === 'aprovado') break;
    expect((await shop.getSession({ id: session.id })).status).toBe('completed');
    expect((await shop.listSessions({ query: { limit: 1 } })).data).toHaveLength(1);
  });

  it('a refusal is an error with its code and fields', async () => {
    const declined = shop.payByCard({ body: { ...CODE, payment: { ...CARD, number: '4000000000000002' } } });
    await expect(declined).rejects.toMatchObject({
      code: 'payment_declined',
      status: 422,
      mayHaveHappened: false,
    });
    const invalid = shop.createOrder({ body: { customer: { ...CUSTOMER, email: 'x' }, order: ORDER } });
    const error = await invalid.catch((thrown: unknown) => thrown as ApiError);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).fields.map(({ field }) => field)).toEqual(['customer.email']);
    const stream = shop.watchStatus(999_999).next();
    await expect(stream).rejects.toMatchObject({ code: 'order_not_found' });
  });

  it('a payment whose answers are lost is repeated with its key and charges the card once', async () => {
    const keys: (string | null)[] = [];
    const unlucky = new AppmaxCheckout({
      baseUrl: service.url,
      key: KEY,
      fetch: async (url, init) => {
        keys.push(new Headers(init?.headers).get('idempotency-key'));
        const answer = await fetch(url, init);
        if (keys.length < 3) throw new TypeError(`lost ${answer.status}`);
        return answer;
      },
    });
    const { order_id } = await shop.createOrder({ body: { customer: CUSTOMER, order: ORDER } });
    const paid = await unlucky.payByCard({ body: { order_id, payment: CARD } });
    expect([paid.order_id, paid.status]).toEqual([order_id, 'aprovado']);
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
    const charges = await chargesByOrder(new SimulatorControl(simulator.url));
    expect(charges.get(order_id)).toBe(1);
  });

  it('a watch survives a restart of the service, and continues after the last event', async () => {
    const { order_id } = await shop.payByPix({ body: CODE });
    const events = shop.watchStatus(order_id);
    const first = (await events.next()).value as { id: string; status: string };
    expect(first.status).toBe('pendente');
    await service.stop();
    const next = events.next();
    service = await spawnService(environment);
    await atAppmax(order_id, 'pay');
    const second = (await next).value as typeof first;
    expect([second.status, Number(second.id) > Number(first.id)]).toEqual(['aprovado', true]);
    await events.return(undefined);
  });
});

describe('The package of the client', () => {
  let project: string;

  beforeAll(() => {
    project = newProject();
  });

  afterAll(() => {
    rmSync(project, { recursive: true, force: true });
  });

  it('it has no dependencies, and Node loads it as a module and by require', () => {
    const installed = join(project, 'node_modules', 'appmax-checkout-client');
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).toMatchObject({ version: VERSION });
    const module =
      "import { AppmaxCheckout } from 'appmax-checkout-client'; console.log(AppmaxCheckout.name)";
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    expect(run('--input-type=module', '--eval', module)).toBe('AppmaxCheckout\n');
    const { AppmaxCheckout: required } = createRequire(join(project, 'x.js'))('appmax-checkout-client') as {
      readonly AppmaxCheckout: { readonly name: string };
    };
    expect(required.name).toBe('AppmaxCheckout');
  });

  it.each([
    ['a bundler, with the types of browsers', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
    ["Node's modules", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  ])('the examples of its README compile strictly in a new project for %s', (_, module, moduleResolution) => {
    const readme = readFileSync(join(__dirname, '..', 'client', 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);
    expect(examples).toHaveLength(3);
    const files = examples.map((code, index) => {
      const file = join(project, `example-${index}.ts`);
      // The project has no types of Node.
      writeFileSync(file, `${code}\ndeclare const process: { env: Record<string, string | undefined> };\n`);
      return file;
    });
    const program = ts.createProgram(files, {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      module,
      moduleResolution,
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(problems).toEqual([]);
  });
});
