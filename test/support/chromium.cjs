/**
 * Finds a Chromium for the tests in a browser, and tells them where it is by CHROMIUM_PATH; or says what to install.
 * Unlike a redis-server it is no small thing: it is not installed unasked.
 */
const { spawnSync } = require('node:child_process');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** The program's path: the browser is started by one, not by a name. */
function onPath(name) {
  const { delimiter, join } = require('node:path');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(works);
}

function find() {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') return works(given) ? given : undefined;
  return NAMES.map(onPath).find((path) => path !== undefined);
}

module.exports = async function globalSetup() {
  const path = find();
  if (path === undefined) {
    console.error(
      'The tests in a browser need a Chromium on the PATH, or its path in CHROMIUM_PATH. Install it, then run them again:\n' +
        '  Debian:   sudo apt-get install chromium\n' +
        '  Ubuntu:   sudo snap install chromium\n' +
        '  Fedora:   sudo dnf install chromium\n' +
        '  Alpine:   sudo apk add chromium\n' +
        '  macOS:    brew install --cask google-chrome, then\n' +
        "            CHROMIUM_PATH='/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' npm run test:browser",
    );
    process.exit(1);
  }
  process.env.CHROMIUM_PATH = path;
};
