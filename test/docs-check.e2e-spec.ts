import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TOOL = join(__dirname, '..', 'tools', 'docs-check.mjs');

/** Two pages in both languages, and a decision in English only. */
const GOOD = {
  'README.md': '# Product\n\n[Start](docs/start.md#first-step)\n',
  'README.pt-BR.md': '# Produto\n\n[Começar](docs/pt-BR/start.md#primeiro-passo-é-este)\n',
  'docs/start.md': '# Start\n\n## First step\n\n[Decision](adr/1.md)\n',
  'docs/pt-BR/start.md': '# Começar\n\n## Primeiro passo é este\n\n[Decisão](../adr/1.md)\n',
  'docs/adr/1.md': '# One\n\n## Same\n\n## Same\n\n[Second](#same-1) ![A picture](picture.png)\n',
  'docs/adr/picture.png': '',
  'docs/english-only.json': '{ "adr/": "decisions are in English" }',
} as const;

describe('The check of the documentation', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-docs-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Checks the good pages with some changes. @returns the output, and the faults without their heading. */
  const check = async (
    changes: Readonly<Record<string, string>> = {},
  ): Promise<{ stdout: string; faults: string[] }> => {
    for (const [file, text] of Object.entries({ ...GOOD, ...changes })) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
    const answer = await run(process.execPath, [TOOL, directory]).catch(
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    const faults = [...answer.stderr.matchAll(/^ {2}- (.*)$/gm)].map(([, fault]) => fault!);
    expect('code' in answer ? answer.code : 0).toBe(faults.length > 0 ? 1 : 0);
    return { stdout: answer.stdout, faults };
  };

  it('pages in both languages whose links resolve have no faults', async () => {
    const { stdout, faults } = await check();
    expect(faults).toEqual([]);
    expect(stdout).toMatch(/^Checked 5 pages in .* and 6 links\n$/);
  });

  it('a page that waits for its translation is printed, and is no fault', async () => {
    const { stdout, faults } = await check({
      'docs/late.md': '# Late\n',
      'docs/english-only.json': '{ "adr/": "decisions are in English", "late.md": "not translated yet" }',
    });
    expect(faults).toEqual([]);
    expect(stdout).toContain('\nNot translated yet: late.md\n');
  });

  it('links in code blocks, in code and to other sites are not checked', async () => {
    const page =
      '# Start\n\n```md\n[a](gone.md)\n## No heading\n```\n\n`[b](gone.md)` [c](https://example.com/gone)\n';
    const { faults } = await check({
      'docs/start.md': `${page}\n## First step\n`,
      'docs/pt-BR/start.md': '# Começar\n\n## Primeiro passo é este\n',
    });
    expect(faults).toEqual([]);
  });

  it.each([
    [
      'a link to no file',
      { 'docs/adr/1.md': '[gone](gone.md)\n' },
      ['docs/adr/1.md: the link gone.md leads to no file'],
    ],
    [
      'a picture that is missing',
      { 'docs/adr/1.md': '<img src="gone.png" alt="Gone">\n' },
      ['docs/adr/1.md: the link gone.png leads to no file'],
    ],
    [
      'a link to no heading',
      { 'docs/adr/1.md': '[other](../start.md#second-step)\n' },
      ['docs/adr/1.md: the link ../start.md#second-step leads to no heading of docs/start.md'],
    ],
    [
      'a link out of the repository',
      { 'docs/adr/1.md': '[out](../../../out.md)\n' },
      ['docs/adr/1.md: the link ../../../out.md leads to no file'],
    ],
    [
      'a page without its Portuguese one',
      { 'docs/new.md': '# New\n' },
      ['docs/new.md: docs/pt-BR/new.md is missing'],
    ],
    [
      'a page without its English one',
      { 'docs/pt-BR/new.md': '# Novo\n' },
      ['docs/pt-BR/new.md: there is no English page'],
    ],
    [
      'a heading that is missing in one language',
      { 'docs/pt-BR/start.md': '# Começar\n\n## Primeiro passo é este\n\n### Detalhe\n' },
      ['docs/pt-BR/start.md: heading 3 is "### Detalhe", that of docs/start.md is nothing'],
    ],
    [
      'an exception that is translated',
      { 'docs/pt-BR/adr/1.md': '# Um\n' },
      ['docs/english-only.json: docs/adr/1.md is listed, but has a Portuguese page'],
    ],
    [
      'an exception without a page or a reason',
      { 'docs/english-only.json': '{ "adr/": "decisions are in English", "gone.md": "" }' },
      ['docs/english-only.json: gone.md is no page', 'docs/english-only.json: gone.md has no reason'],
    ],
  ])('%s is a fault', async (_name, changes, faults) => {
    expect((await check(changes)).faults).toEqual(faults);
  });
});
