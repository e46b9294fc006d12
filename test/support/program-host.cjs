/**
 * Runs the services and the simulators of one Jest worker, from dist/. Test files start and stop them over HTTP, so that
 * their modules are loaded once for all files of the worker. Jest would load them again for each file, which takes seconds.
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
const { readEnvironment } = require('../../dist/simulator/environment.js');
const { startSimulator } = require('../../dist/simulator/server.js');

const WATCH_MILLISECONDS = 500;

const [file, runId] = process.argv.slice(2);
/** What runs, by its id. */
const running = new Map();
let lastId = 0;

/** Registers a running program. @returns its id and what else the test must know. */
function register(program, facts = {}) {
  lastId += 1;
  running.set(lastId, program);
  return { id: lastId, ...facts };
}

const commands = {
  /** Starts a service with the given variables. */
  async startService(environment) {
    const config = parseConfig(environment);
    const app = await createApp(config);
    await app.listen({ host: '127.0.0.1', port: config.port });
    return register(app);
  },

  /** Starts a simulator with the given variables. */
  async startSimulator(environment) {
    const simulator = await startSimulator(readEnvironment(environment));
    return register(simulator, { origin: simulator.origin });
  },

  async stop(id) {
    const program = running.get(id);
    running.delete(id);
    await program?.close();
  },

  /** Stops what a test file has left running. */
  async stopAll() {
    await Promise.all([...running.keys()].map((id) => commands.stop(id)));
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
