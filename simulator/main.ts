import { EnvironmentError, readEnvironment, type SimulatorEnvironment } from './environment';
import { type RunningSimulator, startSimulator } from './server';

function printVariables(environment: SimulatorEnvironment, origin: string): void {
  console.log(`
Set these variables for the service:
  APPMAX_AUTH_URL=${origin}
  APPMAX_API_URL=${origin}
  APPMAX_ADMIN_URL=${origin}/sandbox
  APPMAX_APP_ID_UUID=${environment.SIMULATOR_APP_ID_UUID}
  APPMAX_APP_ID_NUMERIC=${environment.SIMULATOR_APP_ID_NUMERIC}
  APPMAX_CLIENT_ID=${environment.SIMULATOR_CLIENT_ID}
  APPMAX_CLIENT_SECRET=${environment.SIMULATOR_CLIENT_SECRET}

Callbacks and webhooks are sent to ${environment.SIMULATOR_SERVICE_URL}
API generation: ${environment.SIMULATOR_API.toUpperCase()}

Open ${origin}/ in a browser. Ctrl-C stops the simulator and deletes its data.`);
}

function explain(error: unknown, environment: SimulatorEnvironment): string {
  const { SIMULATOR_HOST, SIMULATOR_PORT } = environment;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${SIMULATOR_PORT} on ${SIMULATOR_HOST} is taken. Stop that program or set SIMULATOR_PORT.`;
  }
  if (code === 'EACCES')
    return `Port ${SIMULATOR_PORT} is not allowed for this user. Set SIMULATOR_PORT to another port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${SIMULATOR_HOST} is not an address of this machine. Set SIMULATOR_HOST to one that is.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function stopOnSignal(running: RunningSimulator): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function environmentOrExit(): SimulatorEnvironment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(`The simulator can't start:\n${error.message}`);
    return process.exit(1);
  }
}

async function main(): Promise<void> {
  const environment = environmentOrExit();
  try {
    const running = await startSimulator(environment);
    stopOnSignal(running);
    console.log(`Appmax simulator listening on ${running.origin}`);
    printVariables(environment, running.origin);
  } catch (error) {
    console.error(`The simulator can't start: ${explain(error, environment)}`);
    process.exit(1);
  }
}

void main();
