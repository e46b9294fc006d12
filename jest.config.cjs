const shared = {
  rootDir: __dirname,
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleFileExtensions: ['ts', 'js', 'json'],
};

/** Unit specs stand beside their source; end-to-end specs speak HTTP to real servers, browser specs use a Chromium. */
module.exports = {
  testTimeout: 300_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/random-sequencer.cjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: ['<rootDir>/src', '<rootDir>/simulator', '<rootDir>/quickstart', '<rootDir>/web', '<rootDir>/test/explorer'],
      testRegex: '\\.spec\\.ts$',
    },
    {
      ...shared,
      displayName: 'e2e',
      roots: ['<rootDir>/test'],
      testRegex: '\\.e2e-spec\\.ts$',
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
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
