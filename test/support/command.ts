import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseEnvironment, exitCodeOf } from './service';

/** How a command ended, and what it wrote. */
export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A command that runs. */
export interface RunningCommand {
  interrupt(): void;
  readonly ended: Promise<Run>;
}

/** Starts a command as npm would. @param onOutput sees all that it has written so far. */
export function startCommand(
  name: string,
  words: string[],
  environment: Record<string, string> = {},
  onOutput: (output: string, interrupt: () => void) => void = () => undefined,
): RunningCommand {
  const file = join(__dirname, '..', '..', 'dist', 'src', 'commands', `${name}.js`);
  const child = spawn(process.execPath, [file, ...words], {
    env: { PATH: process.env['PATH'], ...baseEnvironment(), ...environment },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const interrupt = (): void => {
    child.kill('SIGINT');
  };
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    onOutput(output, interrupt);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return { interrupt, ended: exitCodeOf(child).then((code) => ({ code, output })) };
}

/** Runs a command to its end. */
export function runCommand(...command: Parameters<typeof startCommand>): Promise<Run> {
  return startCommand(...command).ended;
}
