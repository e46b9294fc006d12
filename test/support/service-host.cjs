/**
 * Runs the services of one Jest worker, from dist/. Test files start and stop them over HTTP, so that the modules of the
 * service are loaded once for all files of the worker. Jest would load them again for each file, which takes seconds.
 *
 * Arguments: the file to write this process's id and port to, and the id of the test run's process, with which this one
 * ends.
 */
const { renameSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');
const { setInterval } = require('node:timers');
const { createApp } = require('../../dist/src/app.setup.js');
const { parseConfig } = require('../../dist/src/config/config.js');

const WATCH_MILLISECONDS = 500;

const [file, runId] = process.argv.slice(2);
const apps = new Map();
let lastId = 0;

const commands = {
  /** Starts a service with the given variables. */
  async start(environment) {
    const config = parseConfig(environment);
    const app = await createApp(config);
    await app.listen({ host: '127.0.0.1', port: config.port });
    lastId += 1;
    apps.set(lastId, app);
    return lastId;
  },

  async stop(id) {
    const app = apps.get(id);
    apps.delete(id);
    await app?.close();
  },

  /** Stops what a test file has left running. */
  async stopAll() {
    await Promise.all([...apps.keys()].map((id) => commands.stop(id)));
  },
};

async function answer(request, response) {
  const { command, argument } = JSON.parse(await text(request));
  const [status, body] = await commands[command](argument).then(
    (result) => [200, { result }],
    (error) => [500, { message: error.message }],
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

setInterval(() => {
  if (!isAlive(Number(runId))) process.exit();
}, WATCH_MILLISECONDS).unref();

const server = createServer((request, response) => void answer(request, response));
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  // Renamed, so that a reader finds either nothing or all of it.
  writeFileSync(`${file}.new`, JSON.stringify({ id: process.pid, port: server.address().port }));
  renameSync(`${file}.new`, file);
});
