import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { eventually } from './support/eventually';
import { endWithTests, freePort, stopChild } from './support/servers';

const PROJECT = join(__dirname, '..');
const read = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');

/** Returns the text of each service of docker-compose.yml, by its name. */
function composeServices(): Map<string, string> {
  const [, services = ''] = /^services:\n([\s\S]*?)^\S/m.exec(read('docker-compose.yml')) ?? [];
  return new Map(
    services
      .split(/^(?= {2}\w)/m)
      .filter((text) => /^ {2}\w/.test(text))
      .map((text) => [/^ {2}(\w+):/.exec(text)![1]!, text]),
  );
}

describe('Docker and the workflow', () => {
  it('images that are not built here are named by digest, actions by commit', () => {
    const images = [
      ...read('Dockerfile').matchAll(/^FROM (?!\w+ AS)(\S+)/gm),
      ...read('docker-compose.yml').matchAll(/^ +image: (?!appmax-checkout$)(\S+)/gm),
    ].map(([, image]) => image);
    expect(images).toHaveLength(5);
    for (const image of images) expect(image).toMatch(/^\w+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(new Set(images.filter((image) => image?.startsWith('node:'))).size).toBe(1);
    const actions = [...read('.github/workflows/ci.yml').matchAll(/uses: (\S+)/g)].map(
      ([, action]) => action,
    );
    expect(actions).toHaveLength(4);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('the build of the image has all files that it needs', () => {
    const [, stage = ''] = /^FROM deps AS build\n([\s\S]*?)^FROM /m.exec(read('Dockerfile')) ?? [];
    const copied = [...stage.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '));
    const entered = read('.dockerignore').split('\n');
    const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-image-'));
    try {
      for (const source of [...copied, 'package.json', 'package-lock.json']) {
        expect(entered).toContain(`!${source}`);
        cpSync(join(PROJECT, source), join(directory, source), { recursive: true });
      }
      symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: directory, stdio: 'pipe' });
      for (const built of ['dist/src/main.js', 'dist/migrations', 'dist/web'])
        expect(existsSync(join(directory, built))).toBe(true);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('every container restarts, has limits, can gain no rights, and no secret has a default', () => {
    const services = composeServices();
    expect([...services.keys()]).toEqual(['app', 'postgres', 'redis']);
    for (const text of services.values())
      for (const line of [
        /^ {4}restart: unless-stopped$/m,
        /^ {4}healthcheck:$/m,
        /^ {4}mem_limit: \d+[mg]$/m,
        /^ {4}pids_limit: \d+$/m,
        /^ {6}- no-new-privileges:true$/m,
        /^ {4}logging: \*logging$/m,
      ])
        expect(text).toMatch(line);
    const secrets = [...read('docker-compose.yml').matchAll(/\$\{(\w*PASSWORD\w*)(\S*)/g)];
    expect(secrets).toHaveLength(2);
    for (const [, , rest] of secrets) expect(rest).toBe(':?set');
  });

  it("Redis gets its password, and it is not in the process's arguments", async () => {
    const password = 'a-password-4711';
    const port = await freePort();
    const [, script = ''] = /- \|\n([\s\S]*?\n {8}END\n)/.exec(composeServices().get('redis') ?? '') ?? [];
    const command = script
      .replace(/^ {8}/gm, '')
      .replaceAll('$$', '$')
      .replace(/^(?=save)/m, `port ${port}\nbind 127.0.0.1\n`);
    const child = spawn('sh', ['-c', command], {
      env: { PATH: process.env['PATH'], REDISCLI_AUTH: password },
      stdio: 'ignore',
    });
    endWithTests(child);
    const ping = async (options: { password?: string }): Promise<string> => {
      const socket = { host: '127.0.0.1', port, reconnectStrategy: false } as const;
      const client = createClient({ socket, ...options }).on('error', () => undefined);
      await client.connect();
      try {
        return await client.ping();
      } finally {
        await client.disconnect();
      }
    };
    await eventually(async () => {
      expect(await ping({ password })).toBe('PONG');
    });
    await expect(ping({})).rejects.toThrow('NOAUTH');
    const programs = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
    expect(programs).toContain(`redis-server 127.0.0.1:${port}`);
    expect(programs).not.toContain(password);
    // The process of the shell is the server, so that it gets the signals.
    await stopChild(child, 'SIGTERM');
    expect(child.exitCode).toBe(0);
  });
});
