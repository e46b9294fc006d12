/**
 * Makes sure that there is a redis-server for the tests: finds one, or installs one with the system's package manager
 * where this user may, or says what to install. Prints nothing when there is one.
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
  { manager: 'brew', commands: [['brew', 'install', 'redis']], asAnyone: true },
];

const works = (command, ...words) => spawnSync(command, words, { stdio: 'ignore' }).status === 0;

function install() {
  const mayInstall = process.getuid?.() === 0;
  const installer = INSTALLERS.find(
    ({ manager, asAnyone }) => (mayInstall || asAnyone) && works(manager, '--version'),
  );
  if (installer === undefined) return false;
  console.log(`The tests need redis-server: installing it with ${installer.manager} …`);
  return installer.commands.every(([command, ...words]) => {
    // A distribution's own service is not wanted: the tests start a server of their own on a free port.
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    return (
      spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0
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
