/**
 * Builds the programs and starts the quickstart, which gets the signals and whose exit code counts. The browser code is
 * built while the programs start: the quickstart waits for the message that it is there.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Starts a program of this repository. */
function start(file, stdio = 'inherit') {
  return spawn(process.execPath, [join(root, file)], { cwd: root, stdio });
}

async function exitCodeOf(child) {
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

console.log('Building');
process.exitCode = await exitCodeOf(start('tools/build.mjs'));
if (process.exitCode === 0) {
  const quickstart = start('dist/quickstart/quickstart.js', ['inherit', 'inherit', 'inherit', 'ipc']);
  // Ctrl-C reaches the quickstart by itself, as it is of the same group of processes.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => quickstart.kill('SIGTERM'));
  const ended = exitCodeOf(quickstart);
  const webCode = await exitCodeOf(start('tools/build-web.mjs'));
  if (webCode !== 0) quickstart.kill('SIGTERM');
  else if (quickstart.connected) quickstart.send('The browser code is built');
  process.exitCode = (await ended) || webCode;
}
