// Lints the OpenAPI document on standard input by Redocly's recommended rules, warnings included, and prints the
// problems as JSON. A separate program, because the linter is an ES module, which Jest does not load.
import { text } from 'node:stream/consumers';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const problems = await lintFromString({
  source: await text(process.stdin),
  config: await createConfig({ extends: ['recommended-strict'] }),
});
const found = problems.map(
  ({ ruleId, message, location }) =>
    `${ruleId}: ${message} (${location.map(({ pointer }) => pointer).join()})`,
);
process.stdout.write(JSON.stringify(found));
