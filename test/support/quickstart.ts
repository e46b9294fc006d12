import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import type { DemoSettings } from '../../quickstart/demo-settings';
import type { EmbeddedPostgresOptions } from '../../src/embedded-postgres/cluster';
import { attachEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres';
import { type Answer, send } from './http';
import { endWithTests, freePort, stopChild } from './servers';
import { CPF, CUSTOMER, ORDER } from './shop';

const PROJECT = join(__dirname, '..', '..');
const DATABASE = 'appmax_checkout';

/** A started program of the quickstart. */
export interface Run {
  readonly child: ChildProcess;
  output(): string;
}

/** The built quickstart in its own directory: the developer may have one running, or data in the project. */
export class Quickstart {
  private readonly children: ChildProcess[] = [];

  private constructor(
    private readonly directory: string,
    readonly ports: Readonly<{ APP_PORT: string; SIMULATOR_PORT: string }>,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async prepare(environment: Readonly<Record<string, string>> = {}): Promise<Quickstart> {
    const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-quickstart-'));
    cpSync(join(PROJECT, 'dist'), join(directory, 'dist'), { recursive: true });
    cpSync(join(PROJECT, 'package.json'), join(directory, 'package.json'));
    symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
    const ports = { APP_PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) };
    return new Quickstart(directory, ports, environment);
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${this.ports.APP_PORT}`;
  }

  get simulatorUrl(): string {
    return `http://127.0.0.1:${this.ports.SIMULATOR_PORT}`;
  }

  run(program: string, environment: Readonly<Record<string, string>> = {}): Run {
    const child = spawn(process.execPath, ['--preserve-symlinks', join('dist', 'quickstart', program)], {
      cwd: this.directory,
      env: {
        PATH: process.env['PATH'],
        LOG_LEVEL: 'warn',
        ...this.ports,
        ...this.environment,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.children.push(child);
    // SIGINT, not SIGKILL: it must stop its own child processes.
    endWithTests(child, 'SIGINT');
    let output = '';
    child.channel?.unref();
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { child, output: () => output };
  }

  /**
   * Starts everything, as tools/quickstart.mjs does, and waits until it reports that it runs.
   *
   * @param beforeBuilt gets the output when all programs answer, but the browser code is not built yet.
   */
  async start(beforeBuilt: (output: string) => void = () => undefined): Promise<Run> {
    const quickstart = this.run('quickstart.js');
    const prints = async (text: string): Promise<void> => {
      while (!quickstart.output().includes(text)) {
        if (quickstart.child.exitCode !== null)
          throw new Error(`The quickstart ended:\n${quickstart.output()}`);
        await sleep(50);
      }
    };
    await Promise.all([prints('the service answers at'), prints('The simulator answers at')]);
    beforeBuilt(quickstart.output());
    quickstart.child.send('The browser code is built');
    await prints('Ctrl-C stops everything');
    return quickstart;
  }

  /** Returns the credentials and addresses that the started quickstart has generated. */
  settings(): DemoSettings {
    return JSON.parse(readFileSync(join(this.directory, 'data', 'quickstart.json'), 'utf8')) as DemoSettings;
  }

  /** Sells something by Pix. @returns the service's response. */
  sellByPix(key: string): Promise<Answer> {
    const body = { customer: CUSTOMER, order: ORDER, document_number: CPF };
    // A new key for each sale: without one, an identical body within a minute is a repeat of the sale.
    const headers = { 'idempotency-key': randomUUID() };
    return send('POST', `${this.serviceUrl}/checkout/${key}/pay/pix`, { body, headers });
  }

  /** Reads a route of the operators. */
  asOperator(path: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.settings().secretKey}` };
    return send('GET', `${this.serviceUrl}${path}`, { headers });
  }

  /** Returns the address of the database of the started quickstart. */
  async database(): Promise<ClientConfig> {
    const { host, port, username, password } = await attachEmbeddedPostgres(this.embedded());
    return { host, port, user: username, password, database: DATABASE };
  }

  /** Reads an order's status from the service. */
  async statusOf(key: string, orderId: string): Promise<unknown> {
    const { body } = await send('GET', `${this.serviceUrl}/checkout/${key}/status/${orderId}`);
    return body['status'];
  }

  /** Stops what still runs and deletes all files. */
  async remove(): Promise<void> {
    await Promise.all(this.children.map((child) => stopChild(child, 'SIGINT')));
    const { dataDirectory, stop } = await attachEmbeddedPostgres(this.embedded());
    await stop();
    rmSync(dataDirectory, { recursive: true, force: true });
    rmSync(this.directory, { recursive: true, force: true });
  }

  private embedded(): EmbeddedPostgresOptions {
    return {
      dataDirectory: join(this.directory, 'data', 'postgres'),
      username: 'appmax',
      database: DATABASE,
    };
  }
}
