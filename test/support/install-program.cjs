/** Finds a program that the tests need, or installs it with the system's package manager if this user may. */
const { spawnSync } = require('node:child_process');

const MANAGERS = [
  {
    name: 'apt-get',
    prepare: ['update', '-q'],
    install: ['install', '-y', '-q', '--no-install-recommends'],
  },
  { name: 'apk', install: ['add', '--no-cache'] },
  { name: 'dnf', install: ['install', '-y'] },
  { name: 'brew', install: ['install'], needsNoRoot: true },
];

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/**
 * Returns true if the program is there, or was installed. Says what it installs, and otherwise prints nothing.
 *
 * @param program the command, which must answer `--version`.
 * @param packages the name of its package for each package manager; a manager without a name is not used.
 */
exports.ensureProgram = (program, packages) => {
  if (works(program, '--version')) return true;
  const mayInstall = process.getuid?.() === 0;
  const manager = MANAGERS.find(
    ({ name, needsNoRoot }) => packages[name] && (mayInstall || needsNoRoot) && works(name, '--version'),
  );
  if (manager === undefined) return false;
  const { name, prepare, install } = manager;
  console.log(`The tests need ${program}: installing it with ${name} …`);
  // RUNLEVEL=1 keeps the package from starting its own service: the tests start the program on a free port.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = (args) => spawnSync(name, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  const isInstalled = (prepare === undefined || run(prepare)) && run([...install, packages[name]]);
  return isInstalled && works(program, '--version');
};
