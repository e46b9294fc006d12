import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PROJECT = join(__dirname, '..');

/** Evaluates an expression with the functions of tools/docs-commands.mjs, which Jest can't import. */
function evaluate(expression: string, ...args: readonly unknown[]): unknown {
  const program = `
    const { blocksOf, faultsOf, pagesOf } = await import('./tools/docs-commands.mjs');
    const { readFileSync } = await import('node:fs');
    const args = JSON.parse(process.argv[1]);
    console.log(JSON.stringify(${expression}));`;
  const options = ['--input-type=module', '--eval', program, JSON.stringify(args)];
  return JSON.parse(execFileSync(process.execPath, options, { cwd: PROJECT, encoding: 'utf8' }));
}

describe('The commands of the documentation', () => {
  it('every page names only scripts, targets and files that exist', () => {
    const faults = evaluate(
      "Object.fromEntries(pagesOf('.').map((page) => [page, faultsOf(readFileSync(page, 'utf8'), '.')]))",
    ) as Record<string, string[]>;
    expect(Object.keys(faults)).toEqual(expect.arrayContaining(['README.md', 'docs/operations.md']));
    expect(Object.entries(faults).filter(([, list]) => list.length > 0)).toEqual([]);
  });

  it('a command that names what the project lacks is a fault, in a block and in running text', () => {
    const page =
      'Run `npm run no-such-script`.\n\n```console change\nmake nothing && npx eslint src/nothing\n```\n';
    expect(evaluate('faultsOf(args[0], ".")', page)).toEqual([
      'npm run no-such-script: package.json has no such script',
      'make nothing: the Makefile has no such target',
      'npx eslint src/nothing: no such file',
    ]);
    const right = '```sh\nnpm run build # npm run nothing\nnpx jest --selectProjects unit src/config\n```\n';
    expect(evaluate('faultsOf(args[0], ".")', right)).toEqual([]);
  });

  it.each([
    ['```console\nmake up\n```\n', /^line 2: a block console needs a reason: change, docker, /],
    ['```console because\nmake up\n```\n', /^line 2: a block console needs a reason/],
    ['```bash\nmake up\n```\n', /^a block has the language bash/],
    [
      '```\nFOO=1 curl -s http://127.0.0.1\n```\n',
      /^a block with a command \(FOO=1 curl -…\) has no language/,
    ],
  ])('a block of commands that is neither run nor has a reason is a fault: %j', (page, fault) => {
    expect(evaluate('faultsOf(args[0], ".")', page)).toEqual([expect.stringMatching(fault)]);
    const text = '```\nGET /docs HTTP/1.1\n```\n\n```console docker\nmake up\n```\n';
    expect(evaluate('faultsOf(args[0], ".")', text)).toEqual([]);
  });

  it('the pages of docs/reference are those of .env.example, the usage texts and the tables of the code', () => {
    const options = { cwd: PROJECT, stdio: 'pipe' } as const;
    expect(execFileSync(process.execPath, ['tools/reference-docs.mjs', '--check'], options).toString()).toBe(
      '',
    );
  });

  it('the blocks to run are told from others, with their lines, also in a list', () => {
    const page =
      '# A\n\n```sh\na\n```\n\n```ts\nb\n```\n\n- c\n\n  ```sh error\n  d\n    e\n  ```\n\n```\nf\n```\n\n```js file=data/g.mjs\ng\n```\n';
    expect(evaluate('blocksOf(args[0])', page)).toEqual([
      { language: 'sh', isError: false, isServer: false, line: 4, text: 'a\n' },
      { language: 'sh', isError: true, isServer: false, line: 14, text: 'd\n  e\n' },
      { language: 'js', isError: false, isServer: false, line: 23, text: 'g\n', file: 'data/g.mjs' },
    ]);
  });
});
