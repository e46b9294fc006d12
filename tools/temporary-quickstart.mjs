import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const READY = 'Ctrl-C stops everything';

/** Returns a port of loopback that no program listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Copies the files that git knows or would add to a new directory, with the installed packages as a link. */
function copyProject() {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-copy-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 }).split('\0');
  for (const file of files.filter((each) => each !== '' && each !== 'node_modules')) {
    // A deleted file is still in the index.
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(root, file), join(directory, file));
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
  return directory;
}

/**
 * Starts `npm run quickstart` in a clean copy of the project, and waits until it is ready.
 *
 * @param ports the ports of the service and the simulator.
 * @returns the directory of the copy, the settings in its data/quickstart.json, and `stop`, which ends all programs and
 *   deletes the directory.
 * @throws Error with the output, if the quickstart ends before it is ready.
 */
export async function startTemporaryQuickstart(ports) {
  const directory = copyProject();
  const child = spawn('npm', ['run', 'quickstart'], {
    cwd: directory,
    env: {
      ...process.env,
      APP_PORT: String(ports.service),
      SIMULATOR_PORT: String(ports.simulator),
      LOG_LEVEL: 'warn',
      // Many requests of one address are not what is tried here.
      RATE_LIMIT: 'off',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: a signal to the group reaches npm and all programs below it, like Ctrl-C in a terminal.
    detached: true,
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGINT');
    await ended;
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilReady(child, ended);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    directory,
    settings: JSON.parse(readFileSync(join(directory, 'data', 'quickstart.json'), 'utf8')),
    stop,
  };
}

async function untilReady(child, ended) {
  let output = '';
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (output.includes(READY)) resolve(true);
      });
  });
  if ((await Promise.race([ready, ended.then(() => false)])) !== true)
    throw new Error(`The quickstart did not start:\n${output}`);
}
