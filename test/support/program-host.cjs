/**
 * Runs the services or the simulators of one Jest worker, from dist/. Test files start and stop them over HTTP, so that
 * their modules are loaded once for all files of the worker. Jest would load them again for each file, which takes
 * seconds. Simulators have a process of their own: a flood of calls to a service must not slow Appmax down.
 *
 * Arguments: `service` or `simulator`, the file to write this process's id and port to, and the id of the test run's
 * process, with which this one ends.
 */
const { renameSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { text } = require('node:stream/consumers');
const { setInterval } = require('node:timers');

const WATCH_MILLISECONDS = 500;

const [kind, file, runId] = process.argv.slice(2);
/** The running programs, by their ids. */
const running = new Map();
let lastId = 0;

/** Loads what a kind of program needs. @returns a function that starts one, with variables. */
const starters = {
  service() {
    const { createApp } = require('../../dist/src/app.setup.js');
    const { parseConfig } = require('../../dist/src/config/config.js');
    return async (environment) => {
      const config = parseConfig(environment);
      const app = await createApp(config);
      await app.listen({ host: '127.0.0.1', port: config.port });
      return app;
    };
  },

  simulator() {
    const { readEnvironment } = require('../../dist/simulator/environment.js');
    const { startSimulator } = require('../../dist/simulator/server.js');
    return (environment) => startSimulator(readEnvironment(environment));
  },
};
const startProgram = starters[kind]();

const commands = {
  /** Starts a program with the given variables. @returns its id, and its address if it chose that itself */
  async start(environment) {
    const program = await startProgram(environment);
    lastId += 1;
    running.set(lastId, program);
    return { id: lastId, origin: program.origin };
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
