/**
 * Makes sure that there is a redis-server for the tests: finds one, or installs it with the system's package manager if
 * this user may, or prints what to install. Prints nothing if there is one.
 */
const { spawnSync } = require('node:child_process');

const INSTALLERS = [
  {
    manager: 'apt-get',
    commands: [
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'redis-server'],
    ],
  },
  { manager: 'apk', commands: [['apk', 'add', '--no-cache', 'redis']] },
  { manager: 'dnf', commands: [['dnf', 'install', '-y', 'redis']] },
  { manager: 'brew', commands: [['brew', 'install', 'redis']], needsNoRoot: true },
];

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

function install() {
  const mayInstall = process.getuid?.() === 0;
  const installer = INSTALLERS.find(
    ({ manager, needsNoRoot }) => (mayInstall || needsNoRoot) && works(manager, '--version'),
  );
  if (installer === undefined) return false;
  console.log(`The tests need redis-server: installing it with ${installer.manager} …`);
  return installer.commands.every(([command, ...args]) => {
    // RUNLEVEL=1 keeps the package from starting its own service: the tests start a server on a free port.
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    return (
      spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0
    );
  });
}

if (!works('redis-server', '--version') && !(install() && works('redis-server', '--version'))) {
  console.error(
    'The tests need a redis-server on the PATH. Install it, then run them again:\n' +
      '  Debian, Ubuntu:  sudo apt-get install redis-server\n' +
      '  Fedora:          sudo dnf install redis\n' +
      '  Alpine:          sudo apk add redis\n' +
      '  macOS:           brew install redis',
  );
  process.exit(1);
}
