/**
 * Writes the Bruno collection, in bruno/, and the Postman collection, from the OpenAPI document of the built service and
 * the scenario in tools/collection/. With --check it writes nothing, and fails if they are out of date. Run `npm run
 * build` first. bruno/README.md is written by hand.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brunoFiles } from './collection/bruno.mjs';
import { postmanCollection } from './collection/postman.mjs';
import { requestsOf } from './collection/requests.mjs';
import { SCENARIO, SECRETS, VARIABLES } from './collection/scenario.mjs';
import { readDocument } from './openapi-document.mjs';

const directory = join(import.meta.dirname, '..', 'bruno');
const BY_HAND = ['README.md'];

const document = await readDocument();
const folders = requestsOf(document, SCENARIO);
const collection = {
  name: 'Appmax Checkout',
  description: 'Every route, in an order that runs against a quickstart.',
  variables: VARIABLES,
  secrets: SECRETS,
};
const files = brunoFiles(folders, collection);
const postman = JSON.stringify(postmanCollection(folders, collection), null, 2);
files.set('appmax-checkout.postman_collection.json', `${postman}\n`);

const present = (
  existsSync(directory) ? readdirSync(directory, { recursive: true, withFileTypes: true }) : []
)
  .filter((entry) => entry.isFile())
  .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const surplus = present.filter((name) => !files.has(name) && !BY_HAND.includes(name));
const stale = [...files].filter(
  ([name, text]) => !present.includes(name) || readFileSync(join(directory, name), 'utf8') !== text,
);
if (process.argv.includes('--check')) {
  if (stale.length + surplus.length > 0) {
    console.error('bruno/ is not what the OpenAPI document and the scenario say: run `npm run build:bruno`');
    process.exitCode = 1;
  }
} else {
  for (const name of surplus) rmSync(join(directory, name));
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}
