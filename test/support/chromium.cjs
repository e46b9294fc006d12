/**
 * Finds a Chromium for the browser tests and sets CHROMIUM_PATH to it. If there is none, prints what to install and
 * exits: Chromium is large, so it is not installed automatically, as redis-server is.
 */
const { spawnSync } = require('node:child_process');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** Returns a program's path: Playwright starts a browser by its path, not by its name. */
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
      'The browser tests need a Chromium on the PATH, or its path in CHROMIUM_PATH. Install it, then run them again:\n' +
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
