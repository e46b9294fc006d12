/**
 * Runs the Bruno collection with Bruno's command line against a quickstart of its own: all requests but those of streams,
 * which do not end. The exit code is that of Bruno. `BRU` names an installed `bru`; otherwise npx downloads it, because it
 * is half as large as all packages of this project and only needed here.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort, startTemporaryQuickstart } from './temporary-quickstart.mjs';

const VERSION = '4.1.0';
const [program, ...before] = process.env.BRU
  ? [process.env.BRU]
  : ['npx', '--yes', `--package=@usebruno/cli@${VERSION}`, 'bru'];

const quickstart = await startTemporaryQuickstart({ service: await freePort(), simulator: await freePort() });
try {
  const { serviceUrl, simulatorUrl, secretKey, webhookToken, appIdUuid: appId } = quickstart.settings;
  const variables = Object.entries({ serviceUrl, simulatorUrl, secretKey, webhookToken, appId });
  const args = [
    ...before,
    ...['run', '-r', '--env', 'quickstart', '--exclude-tags', 'stream'],
    ...variables.flatMap(([name, value]) => ['--env-var', `${name}=${value}`]),
  ];
  const child = spawn(program, args, {
    cwd: join(quickstart.directory, 'bruno'),
    stdio: 'inherit',
    // npx and bru are scripts with the ending .cmd on Windows. The values have no character that a shell interprets.
    shell: process.platform === 'win32',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await quickstart.stop();
}
