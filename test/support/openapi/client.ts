import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..');

/** The result of a function of a generated client. */
export interface ClientAnswer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
  readonly response: { readonly status: number };
}

type ClientFunction = (options: Readonly<Record<string, unknown>>) => Promise<ClientAnswer>;

/** A client that a public generator made from the document. */
export interface GeneratedClient {
  readonly directory: string;
  /** The client's functions, by operation id. */
  readonly functions: Readonly<Record<string, ClientFunction>>;
  /** TypeScript's errors in the client or in the program that uses it. */
  readonly problems: readonly string[];
}

/**
 * Generates a client in TypeScript and compiles it in strict mode.
 *
 * @param program a program that uses the client, to check its types; it is compiled, not run.
 */
export async function generateClient(document: string, program: string): Promise<GeneratedClient> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-client-'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const source = join(directory, 'client');
  writeFileSync(join(directory, 'openapi.json'), document);
  await run('node_modules/@hey-api/openapi-ts/bin/run.js', [
    ...['--input', join(directory, 'openapi.json')],
    ...['--output', source],
    ...['--client', '@hey-api/client-fetch'],
    '--no-log-file',
    '--silent',
  ]);
  writeFileSync(join(source, 'program.ts'), program);
  const problems = compile(join(source, 'program.ts'), join(directory, 'compiled'));
  const functions = createRequire(__filename)(join(directory, 'compiled', 'sdk.gen.js')) as Record<
    string,
    ClientFunction
  >;
  return { directory, functions, problems };
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`${program}:\n${(await output).join('\n')}`);
}

function compile(file: string, outDir: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    outDir,
  });
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}
