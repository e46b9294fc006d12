import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type RequestOptions, send } from './http';
import { checkAnswer } from './openapi/check-answer';
import { startInHost } from './program-host';
import { REDIS_DATABASE } from './redis';
import { endWithTests, freePort, type RedisConnection, stopChild } from './servers';

export const SECRET_KEY = 'sk_test_0123456789abcdef';

/** A running service. */
export interface TestService {
  readonly url: string;
  send(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  stop(): Promise<void>;
}

/** A service in its own process, which a test can kill. */
export interface ServiceProcess extends TestService {
  readonly child: ChildProcess;
  /** Returns all that it has written to standard output and standard error. */
  output(): string;
}

/** The variables that all services of the tests share: the Redis of the run, quiet logs, a secret key. */
export function baseEnvironment(): Record<string, string> {
  const redis = JSON.parse(process.env['TEST_REDIS'] ?? '') as RedisConnection;
  return {
    APP_ENV: 'test',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    API_SECRET_KEYS: SECRET_KEY,
    APP_KEY: Buffer.alloc(32, 7).toString('base64'),
    RATE_LIMIT: 'off',
    CACHE_DRIVER: 'redis',
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    REDIS_PASSWORD: redis.password,
    REDIS_DB: String(REDIS_DATABASE),
    // Nothing listens there: a test without a simulator must not reach the real Appmax.
    APPMAX_AUTH_URL: 'http://127.0.0.1:9',
    APPMAX_API_URL: 'http://127.0.0.1:9',
  };
}

/** Sends a request, with a new Idempotency-Key on each checkout call, unless the test sends one or asks for none. */
function sendWithKey(
  url: string,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const { headers = {}, withoutKey = false } = options;
  const needsKey =
    !withoutKey && method === 'POST' && path.startsWith('/checkout/') && !('idempotency-key' in headers);
  return send(
    method,
    `${url}${path}`,
    needsKey ? { ...options, headers: { ...headers, 'idempotency-key': randomUUID() } } : options,
  );
}

/** Returns a running service as tests use it. @param hasThisDocument false for a release with another OpenAPI document. */
export function serviceAt(port: string, stop: () => Promise<void>, hasThisDocument = true): TestService {
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    send: async (method, path, options) => {
      const answer = await sendWithKey(url, method, path, options);
      if (hasThisDocument) await checkAnswer(url, method, path, answer);
      return answer;
    },
    stop,
  };
}

/** Starts the built service in a process that this worker's services share. */
export async function startService(environment: Readonly<Record<string, string>>): Promise<TestService> {
  const port = environment['APP_PORT'] ?? String(await freePort());
  const variables = { ...baseEnvironment(), APP_PORT: port, ...environment };
  const { stop } = await startInHost('service', variables);
  return serviceAt(port, stop);
}

/** The folder of the program whose services are started, unless a test starts another release. */
const PROJECT = join(__dirname, '..', '..');

/** Starts the built service in its own process and waits until it is ready. */
export async function spawnService(
  environment: Readonly<Record<string, string>>,
  directory?: string,
  release = PROJECT,
): Promise<ServiceProcess> {
  const service = await launchService(environment, directory, release);
  for (;;) {
    if (service.child.exitCode !== null) throw new Error(`The service ended:\n${service.output()}`);
    const health = await service.send('GET', '/health').catch(() => undefined);
    if (health?.status === 200) return service;
    await sleep(50);
  }
}

/**
 * Starts the built service in its own process and does not wait until it is ready.
 *
 * @param directory where it reads `.env`. By default one outside the project: the developer's must not be read.
 * @param release the folder whose `dist/` has the program.
 */
export async function launchService(
  environment: Readonly<Record<string, string>>,
  directory = tmpdir(),
  release = PROJECT,
): Promise<ServiceProcess> {
  const port = environment['APP_PORT'] ?? String(await freePort());
  const child = spawn(process.execPath, [join(release, 'dist', 'src', 'main.js')], {
    env: { PATH: process.env['PATH'], ...baseEnvironment(), APP_PORT: port, ...environment },
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithTests(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    ...serviceAt(port, () => stopChild(child, 'SIGTERM'), release === PROJECT),
    child,
    output: () => output,
  };
}

/** Waits for a process to end by itself. @returns its exit code. */
export async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
