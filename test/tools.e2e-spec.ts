import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT = join(__dirname, '..');
const SMALL_SPEC = 'src/orders/status/status-rules.spec.ts';

interface Project {
  readonly displayName: string;
  readonly globals?: Readonly<Record<string, unknown>>;
}

const read = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');

describe('The build', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-build-'));
    for (const file of ['.swcrc', 'tools/build.mjs']) cpSync(join(PROJECT, file), join(directory, file));
    symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
    mkdirSync(join(directory, 'src', 'shop'), { recursive: true });
    write('src/shop/sale.ts', 'export class Sale {\n  readonly cents: number = 5;\n}\n');
    write('src/main.ts', "import { Sale } from './shop/sale';\nexport const cents = new Sale().cents;\n");
    write('src/main.spec.ts', 'export {};\n');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const write = (file: string, text: string): void => {
    writeFileSync(join(directory, file), text);
  };
  const has = (file: string): boolean => existsSync(join(directory, 'dist', file));
  const build = (): Promise<{ stdout: string }> =>
    run(process.execPath, [join(directory, 'tools', 'build.mjs')]);

  it('the build compiles programs with source maps, leaves specs out, and deletes what has no source', async () => {
    expect((await build()).stdout).toMatch(/^Built 2 files in \d+\.\d s\n$/);
    const { stdout } = await run(process.execPath, [
      '-p',
      `require(${JSON.stringify(join(directory, 'dist', 'src', 'main.js'))}).cents`,
    ]);
    expect(stdout).toBe('5\n');
    const map = JSON.parse(readFileSync(join(directory, 'dist/src/shop/sale.js.map'), 'utf8')) as object;
    expect(map).toMatchObject({ sources: ['../../../src/shop/sale.ts'] });
    expect(has('src/main.spec.js')).toBe(false);

    rmSync(join(directory, 'src', 'shop'), { recursive: true });
    write('src/main.ts', 'export const cents = 6;\n');
    await build();
    expect([has('src/main.js'), has('src/shop/sale.js'), has('src/shop/sale.js.map')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('a build that fails names the file, writes nothing, and ends with an error', async () => {
    await build();
    write('src/main.ts', 'export const cents = ;\n');
    write('src/shop/sale.ts', 'export const changed = true;\n');
    await expect(build()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/main\.ts[\s\S]*The build failed: 1 of 2 files/) as string,
    });
    expect(readFileSync(join(directory, 'dist/src/shop/sale.js'), 'utf8')).not.toContain('changed');
  });
});

describe('The test commands', () => {
  /** Runs Jest on its own, without the colors that Jest's workers ask for on a terminal. */
  const jestRun = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    run(process.execPath, [join(PROJECT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
      cwd: PROJECT,
      env: { ...process.env, FORCE_COLOR: '0' },
    });

  it('.ci/run runs only commands that README or CONTRIBUTING names, among them the tests', () => {
    const commands = read('.ci/run')
      .split('\n')
      .filter((line) => line.startsWith('npm '));
    const pages = read('README.md') + read('CONTRIBUTING.md');
    expect(commands).toEqual(expect.arrayContaining(['npm test']));
    for (const command of commands) expect(pages).toContain(command);
  });

  it('the campaigns are the files that choose a size or a test by it, and run at full size', async () => {
    const { stdout } = await jestRun('--selectProjects', 'campaigns', '--listTests');
    const files = stdout.split('\n').filter((line) => line.endsWith('.ts'));
    expect(files.map((file) => relative(PROJECT, file))).toEqual(
      expect.arrayContaining(['test/webhook-crash.e2e-spec.ts', 'test/explorer/explorer.spec.ts']),
    );
    for (const file of files) expect(readFileSync(file, 'utf8')).toMatch(/\b(campaign|itInCampaigns)\(/);
    const { projects } = jest.requireActual<{ projects: Project[] }>('../jest.config.cjs');
    const full = projects.filter(({ globals }) => globals?.['hasFullCampaigns'] === true);
    expect(full.map(({ displayName }) => displayName)).toEqual(['campaigns']);
  });

  it('each finished file is reported with the number of files and the time', async () => {
    const { stderr } = await jestRun('--selectProjects', 'unit', '--verbose=false', SMALL_SPEC);
    expect(stderr).toMatch(/^\[1\/1 files, 0:\d\d\] PASS .*status-rules\.spec\.ts/m);
  });
});
