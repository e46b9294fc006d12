/**
 * Runs the commands of the documentation as they are written, in a clean copy of the project beside one quickstart on its
 * usual ports, 8080 and 8090. Arguments are pages; without any, all pages are run. Prints each page, and at the end the
 * blocks that were not run with their reasons. Ends with 1 if a command failed.
 *
 * The `sh` blocks of a page run one after the other in one bash, so that a later one can use variables of an earlier one.
 * A command that fails stops the page. In a block `sh error`, each `curl` must get an HTTP status of 400 or more. A block
 * `sh server` runs until the page ends. The first `sh` block of docs/start/first-payment.md, which sets variables, runs
 * before each page. Two commands are replaced for this: `curl` fails for an HTTP status of 400 or more, and ends after 5
 * seconds with `-N`, because a stream does not end by itself; `npm ci`, `npm test` and `npm run quickstart` do nothing.
 * Commands of the project find the database of the quickstart by `DB_CONNECTION=embedded` in their environment.
 *
 * A Portuguese page is not run if its blocks are those of the English page, character by character, which is run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { clearTimeout, setTimeout } from 'node:timers';
import { blocksOf, faultsOf, pagesOf, REASONS } from './docs-commands.mjs';
import { startTemporaryQuickstart } from './temporary-quickstart.mjs';

const root = join(import.meta.dirname, '..');
const PORTS = { service: 8080, simulator: 8090 };
const PAGE_SECONDS = 180;
/** The commands of `sh` blocks that the functions of PRELUDE skip, as they are found in a block, and the reasons. */
const SKIPPED_COMMANDS = [
  [/\bnpm ci\b/, 'npm ci', 'the packages are those of this directory'],
  [/\bnpm test\b/, 'npm test', '.ci/run runs it'],
  [/\bnpm run quickstart\b/, 'npm run quickstart', 'it runs already, beside all pages'],
];
const PRELUDE = `
set -euo pipefail
curl() {
  if [[ " $* " =~ " -N "|" -sN "|" --no-buffer " ]]; then
    local code=0
    command curl --fail --max-time 5 "$@" || code=$?
    [[ $code == 0 || $code == 28 ]]
  elif [[ $expects_error == 1 ]]; then
    if command curl --fail-with-body --silent "$@"; then
      echo 'Expected an HTTP error' >&2
      return 1
    elif [[ $? != 22 ]]; then
      return 1
    fi
  else
    command curl --fail-with-body --silent --show-error "$@"
  fi
}
npm() {
  case "$*" in
    ci | test | "run quickstart") ;;
    *) command npm "$@" ;;
  esac
}
`;

/** Returns the commands of a block. A server that has ended after a second has failed. */
function scriptOf({ text: content, isServer, file }) {
  if (file !== undefined) return `cat > ${file} <<'END OF FILE'\n${content}END OF FILE`;
  return isServer ? `{ ${content}} & sleep 1\nkill -0 $!` : content;
}

/** Runs the blocks of a page. @returns true if all commands succeeded; otherwise prints their output. */
async function run(page, blocks, directory) {
  const script = blocks
    .map(
      (block) =>
        `expects_error=${block.isError ? 1 : 0}\necho '--- ${page}:${block.line}' >&2\n${scriptOf(block)}`,
    )
    .join('\n');
  const child = spawn('bash', ['-c', PRELUDE + script], {
    cwd: directory,
    env: {
      ...process.env,
      APP_ENV: 'local',
      DB_CONNECTION: 'embedded',
      CACHE_DRIVER: 'memory',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const timer = setTimeout(() => endGroup(child), PAGE_SECONDS * 1000);
  const [code] = await once(child, 'exit');
  clearTimeout(timer);
  endGroup(child);
  if (code === 0) return true;
  console.error(
    `FAILED ${page}, ${code === null ? `not ready after ${PAGE_SECONDS} s` : `exit code ${code}`}`,
  );
  console.error((await output).join('\n').trim());
  return false;
}

/** Ends a program and all that it has started and left running. */
function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Returns true if a program of this machine listens on a port. */
async function isInUse(port) {
  const socket = connect({ port, host: '127.0.0.1' });
  const isOpen = await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}

/** Returns the English page of a Portuguese one; undefined for others. */
function englishPageOf(page) {
  const english = page.replace(/^docs\/pt-BR\//, 'docs/').replace(/\.pt-BR\.md$/, '.md');
  return english !== page && existsSync(join(root, english)) ? english : undefined;
}

/** Returns what is compared between the languages: all of a block but its line. */
const withoutLines = (blocks) => JSON.stringify(blocks.map((block) => ({ ...block, line: 0 })));

function readPage(page) {
  const markdown = readFileSync(join(root, page), 'utf8');
  const blocks = blocksOf(markdown);
  return {
    page,
    blocks,
    runs: blocks.filter(({ language }) => language !== 'console'),
    faults: faultsOf(markdown, root),
  };
}

/** Prints what was not run, and why: blocks `console`, and the commands that are skipped in other blocks. */
function printNotRun(pages) {
  const blocks = pages.flatMap((each) => each.blocks.map((block) => ({ ...block, page: each.page })));
  const skipped = blocks.filter(({ language }) => language === 'sh');
  const lines = [
    ...Object.entries(REASONS).map(([word, reason]) => [
      `${word}: ${reason}`,
      blocks.filter((block) => block.reason === word),
    ]),
    ...SKIPPED_COMMANDS.map(([pattern, command, reason]) => [
      `${command}: ${reason}`,
      skipped.filter((block) => pattern.test(block.text)),
    ]),
  ].filter(([, found]) => found.length > 0);
  console.log('\nNot run:');
  for (const [reason, found] of lines) {
    console.log(`  ${reason}`);
    for (const { page, line } of found) console.log(`    ${page}:${line}`);
  }
}

/** The block that sets the variables which other pages use. */
const VARIABLES_PAGE = 'docs/start/first-payment.md';
const variables = existsSync(join(root, VARIABLES_PAGE)) ? readPage(VARIABLES_PAGE).runs.slice(0, 1) : [];

const startedAt = Date.now();
const secondsSince = (instant) => ((Date.now() - instant) / 1000).toFixed(1);
const asked = process.argv.slice(2);
const pages = (asked.length > 0 ? asked : pagesOf(root)).map(readPage);
for (const { page, faults } of pages)
  for (const fault of faults) {
    console.error(`${page}: ${fault}`);
    process.exitCode = 1;
  }
const twinOf = (page) => pages.find((other) => other.page === englishPageOf(page.page));
const isCopy = (page) => {
  const twin = twinOf(page);
  return twin !== undefined && withoutLines(page.blocks) === withoutLines(twin.blocks);
};
const copies = pages.filter((page) => page.blocks.length > 0 && isCopy(page));
const others = pages.filter((page) => !copies.includes(page));

for (const port of Object.values(PORTS))
  if (await isInUse(port)) {
    console.error(
      `Port ${port} is in use. The pages name the ports of the quickstart, ${Object.values(PORTS).join(' and ')}: stop the program that listens there, such as a quickstart.`,
    );
    process.exit(1);
  }
const quickstart = await startTemporaryQuickstart(PORTS);
try {
  for (const { page, runs } of others.filter(({ runs }) => runs.length > 0)) {
    const pageStartedAt = Date.now();
    const isRight = await run(page, [...variables, ...runs], quickstart.directory);
    if (!isRight) process.exitCode = 1;
    console.log(
      `${isRight ? 'ok' : 'FAILED'}  ${page}: ${runs.length} block(s), ${secondsSince(pageStartedAt)} s`,
    );
  }
} finally {
  await quickstart.stop();
}
for (const page of copies)
  console.log(`same  ${page.page}: its ${page.blocks.length} block(s) are those of ${twinOf(page).page}`);
printNotRun(others);
console.log(`\n${pages.length} pages in ${secondsSince(startedAt)} s`);
