const { readdirSync, readFileSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join, sep } = require('node:path');

const TESTS = join(__dirname, 'test');

/** Returns a pattern for each test file whose sizes depend on the project: those that import support/campaign.ts. */
function campaignFiles() {
  return readdirSync(TESTS, { recursive: true })
    .filter(
      (name) =>
        /spec\.ts$/.test(name) && readFileSync(join(TESTS, name), 'utf8').includes("support/campaign'"),
    )
    .map((name) => `[/\\\\]${name.split(sep).map(escape).join('[/\\\\]')}$`);
}

function escape(text) {
  return text.replaceAll('.', '\\.');
}

const shared = {
  rootDir: __dirname,
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleFileExtensions: ['ts', 'js', 'json'],
  runtime: '<rootDir>/test/support/shared-code-runtime.cjs',
};
const servers = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/empty-redis.ts'],
};

/**
 * Unit specs stand beside their source; end-to-end specs speak HTTP to real servers, browser specs use a Chromium. The
 * project `campaigns` runs the specs with long campaigns again, at full size.
 */
module.exports = {
  testTimeout: 300_000,
  // More than there are cores: some files wait for leases, limits and schedules most of the time.
  maxWorkers: availableParallelism() + 2,
  testSequencer: '<rootDir>/test/support/random-sequencer.cjs',
  reporters: ['<rootDir>/test/support/progress-reporter.cjs', 'summary'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: [
        '<rootDir>/src',
        '<rootDir>/simulator',
        '<rootDir>/quickstart',
        '<rootDir>/bench',
        '<rootDir>/web',
        '<rootDir>/client/src',
        '<rootDir>/test/explorer',
      ],
      testRegex: '\\.spec\\.ts$',
    },
    {
      ...shared,
      ...servers,
      displayName: 'e2e',
      roots: ['<rootDir>/test'],
      testRegex: '\\.e2e-spec\\.ts$',
    },
    {
      ...shared,
      ...servers,
      displayName: 'campaigns',
      roots: ['<rootDir>/test'],
      testRegex: campaignFiles(),
      globals: { hasFullCampaigns: true },
    },
    {
      ...shared,
      displayName: 'browser',
      roots: ['<rootDir>/test'],
      testRegex: '\\.browser-spec\\.ts$',
      globalSetup: '<rootDir>/test/support/chromium.cjs',
    },
  ],
};
