/**
 * Makes sure that there are promtool and prometheus for the tests of the alert rules and the dashboard, as
 * redis-server.cjs does for Redis. Without them these tests are skipped, and with `--required` this fails.
 */
const { ensureProgram } = require('./install-program.cjs');

// Fedora has a package of another name in each release.
const PACKAGES = { 'apt-get': 'prometheus', apk: 'prometheus', brew: 'prometheus' };

if (!ensureProgram('promtool', PACKAGES)) {
  console.error(
    'The tests of the alert rules and of the dashboard need prometheus and promtool on the PATH:\n' +
      '  Debian, Ubuntu:  sudo apt-get install --no-install-recommends prometheus\n' +
      '  Alpine:          sudo apk add prometheus\n' +
      '  macOS:           brew install prometheus',
  );
  if (process.argv.includes('--required')) process.exit(1);
}
