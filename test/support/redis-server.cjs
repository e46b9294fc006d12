/**
 * Makes sure that there is a redis-server for the tests: finds one, or installs it with the system's package manager if
 * this user may, or prints what to install. Prints nothing if there is one.
 */
const { ensureProgram } = require('./install-program.cjs');

const PACKAGES = { 'apt-get': 'redis-server', apk: 'redis', dnf: 'redis', brew: 'redis' };

if (!ensureProgram('redis-server', PACKAGES)) {
  console.error(
    'The tests need a redis-server on the PATH. Install it, then run them again:\n' +
      '  Debian, Ubuntu:  sudo apt-get install redis-server\n' +
      '  Fedora:          sudo dnf install redis\n' +
      '  Alpine:          sudo apk add redis\n' +
      '  macOS:           brew install redis',
  );
  process.exit(1);
}
