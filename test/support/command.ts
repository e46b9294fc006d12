import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseEnvironment, exitCodeOf } from './service';

/** The exit code and the output of a command. */
export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A running command. */
export interface RunningCommand {
  interrupt(): void;
  readonly ended: Promise<Run>;
}

/** Starts a command as its npm script does. @param onOutput is called with all output so far. */
export function startCommand(
  name: string,
  args: string[],
  environment: Record<string, string> = {},
  onOutput: (output: string, interrupt: () => void) => void = () => undefined,
): RunningCommand {
  const file = join(__dirname, '..', '..', 'dist', 'src', 'commands', `${name}.js`);
  const child = spawn(process.execPath, [file, ...args], {
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
