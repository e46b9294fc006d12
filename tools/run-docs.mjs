/**
 * Runs the commands of the documentation as they are written, in a clean copy of the project beside one quickstart on its
 * usual ports, 8080 and 8090. Arguments are pages; without any, all pages are run.
 *
 * The `sh` blocks of a page run one after the other in one bash, so that a later one can use variables of an earlier one.
 * A command that fails stops the page. In a block `sh error`, each `curl` must get an HTTP status of 400 or more. The first
 * `sh` block of docs/start/first-payment.md, which sets variables, runs before each page. Three commands are replaced for this: `curl` fails for an HTTP status of 400 or
 * more, and ends after 5 seconds with `-N`, because a stream does not end by itself; `npm ci`, `npm
 * test` and `npm run quickstart` do nothing: .ci/run has run the first two, and the quickstart runs already. Commands of the
 * project find the database of the quickstart by `DB_CONNECTION=embedded` in their environment.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { clearTimeout, setTimeout } from 'node:timers';
import { blocksOf, faultsOf, pagesOf } from './docs-commands.mjs';
import { startTemporaryQuickstart } from './temporary-quickstart.mjs';

const root = join(import.meta.dirname, '..');
const PAGE_SECONDS = 180;
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

async function run(page, blocks, directory) {
  const script = blocks
    .map(
      ({ text: content, line, isError, file }) =>
        `expects_error=${isError ? 1 : 0}\necho '--- ${page}:${line}' >&2\n${file === undefined ? content : `cat > ${file} <<'END OF FILE'\n${content}END OF FILE`}`,
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
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), PAGE_SECONDS * 1000);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  clearTimeout(timer);
  if (code === 0) return true;
  console.error(
    `FAILED ${page}, ${code === null ? `not ready after ${PAGE_SECONDS} s` : `exit code ${code}`}`,
  );
  console.error(`${output}\n${errors}`.trim());
  return false;
}

/** The block that sets the variables which other pages use. */
const VARIABLES_PAGE = 'docs/start/first-payment.md';
const variables = existsSync(join(root, VARIABLES_PAGE))
  ? blocksOf(readFileSync(join(root, VARIABLES_PAGE), 'utf8')).slice(0, 1)
  : [];

const asked = process.argv.slice(2);
const pages = (asked.length > 0 ? asked : pagesOf(root)).map((page) => {
  const markdown = readFileSync(join(root, page), 'utf8');
  const blocks = blocksOf(markdown).filter(({ language, file }) => language === 'sh' || file !== undefined);
  return { page, blocks, faults: faultsOf(markdown, root) };
});
for (const { page, faults } of pages)
  for (const fault of faults) {
    console.error(`${page}: ${fault}`);
    process.exitCode = 1;
  }
const quickstart = await startTemporaryQuickstart({ service: 8080, simulator: 8090 });
try {
  for (const { page, blocks } of pages.filter(({ blocks }) => blocks.length > 0)) {
    const startedAt = Date.now();
    const isRight = await run(page, [...variables, ...blocks], quickstart.directory);
    if (!isRight) process.exitCode = 1;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${isRight ? 'ok' : 'FAILED'}  ${page}: ${blocks.length} block(s), ${seconds} s`);
  }
} finally {
  await quickstart.stop();
}
