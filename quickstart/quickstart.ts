import { once } from 'node:events';
import { join } from 'node:path';
import { type DemoSettings, demoSettings, keepForCommands } from './demo-settings';
import { isPortTaken, Program, waitUntilOk } from './program';
import { Shop } from './shop';
import { READY_SHOP, welcome } from './welcome';

const START_SECONDS = 60;
/** The programs listen on loopback only: they are for trying out, with keys that are printed. */
const LOOPBACK = '127.0.0.1';

/** Resolves when the browser code is built, if tools/quickstart.mjs has started this program; it builds it meanwhile. */
const webBuilt = process.connected
  ? once(process, 'message').then(() => {
      process.disconnect();
    })
  : Promise.resolve();

/** Starts the simulator and the service (which starts its own PostgreSQL), and stops both together. */
async function quickstart(): Promise<number> {
  const ports = { service: port('APP_PORT', 8080), simulator: port('SIMULATOR_PORT', 8090) };
  for (const [variable, taken] of [
    ['APP_PORT', ports.service],
    ['SIMULATOR_PORT', ports.simulator],
  ] as const) {
    if (!(await isPortTaken(taken))) continue;
    console.error(
      `Port ${taken} is taken by another program. Stop it, or choose another port: ${variable}=${taken + 100} npm run quickstart`,
    );
    return 1;
  }
  const settings = demoSettings(ports);
  report('Starting the simulator, the service and its PostgreSQL; the first start creates the database');
  const programs = [simulator(settings, ports.simulator), service(settings, ports.service)];
  const stopAll = (): Promise<unknown> => Promise.all(programs.map((program) => program.stop()));
  const stopRequest = new AbortController();
  const onSignal = (): void => {
    if (!stopRequest.signal.aborted) console.log('\nStopping …');
    stopRequest.abort();
    void stopAll();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);

  const allRun = (): boolean => programs.every((program) => program.isRunning);
  const isUp = async (url: string, step: string): Promise<boolean> => {
    const isOk = await waitUntilOk(url, START_SECONDS, allRun);
    if (isOk) report(step);
    return isOk;
  };
  const [hasSimulator, hasService] = await Promise.all([
    isUp(`${settings.simulatorUrl}/`, `The simulator answers at ${settings.simulatorUrl}`),
    isUp(
      `${settings.serviceUrl}/health/ready`,
      `PostgreSQL runs, the database is migrated, the service answers at ${settings.serviceUrl}`,
    ),
  ]);
  const ready = hasSimulator && hasService;
  if (ready) {
    const [session] = await Promise.all([openSession(settings), webBuilt]);
    console.log(welcome(settings, session));
  } else if (!stopRequest.signal.aborted)
    console.error('The quickstart did not start. The errors are printed above.');
  const ended = ready ? await Promise.race(programs.map(endOf)) : undefined;
  if (ended !== undefined && !stopRequest.signal.aborted)
    console.error(`The ${ended.name} stopped unexpectedly (exit code ${ended.code}).`);
  await stopAll();
  return stopRequest.signal.aborted ? 0 : 1;
}

/** Opens a session of the ready shop, which is installed at the first start. @returns the address of its page. */
async function openSession(settings: DemoSettings): Promise<string | undefined> {
  const shop = new Shop(settings, READY_SHOP);
  try {
    if (!(await shop.isInstalled())) await shop.install();
    return (await shop.openSession()).url;
  } catch (error) {
    // The programs run, so the rest of the text is still of use.
    console.error(`No session could be opened: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Prints a step, with the seconds since the start of the quickstart. */
function report(step: string): void {
  console.log(`[${process.uptime().toFixed(1).padStart(4)} s] ${step}`);
}

async function endOf(program: Program): Promise<{ name: string; code: number }> {
  return { name: program.name, code: await program.ended };
}

function simulator(settings: DemoSettings, simulatorPort: number): Program {
  const environment = {
    SIMULATOR_HOST: LOOPBACK,
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_SERVICE_URL: settings.serviceUrl,
    SIMULATOR_WEBHOOK_URL: `${settings.serviceUrl}/webhooks/appmax?token=${settings.webhookToken}`,
    SIMULATOR_APP_ID_UUID: settings.appIdUuid,
    SIMULATOR_APP_ID_NUMERIC: settings.appIdNumeric,
    SIMULATOR_CLIENT_ID: settings.clientId,
    SIMULATOR_CLIENT_SECRET: settings.clientSecret,
    // The shops of earlier starts are in the database, but the simulator no longer knows their external_ids.
    SIMULATOR_UNKNOWN_EXTERNAL_IDS: 'accept',
  };
  // Its output only names variables that the quickstart has set itself.
  return new Program('simulator', join(__dirname, '..', 'simulator', 'main.js'), environment, {
    isQuiet: true,
  });
}

function service(settings: DemoSettings, servicePort: number): Program {
  const variables = serviceVariables(settings, servicePort);
  keepForCommands(variables);
  return new Program('service', join(__dirname, '..', 'src', 'main.js'), variables);
}

function serviceVariables(settings: DemoSettings, servicePort: number): Record<string, string> {
  const { simulatorUrl } = settings;
  return {
    APP_ENV: 'local',
    APP_HOST: LOOPBACK,
    APP_PORT: String(servicePort),
    APP_URL: settings.serviceUrl,
    // Empty, so that the values of a .env file are not used.
    NGROK_URL: '',
    DB_PORT: '',
    API_SECRET_KEYS: settings.secretKey,
    WEBHOOK_TOKEN: settings.webhookToken,
    DB_CONNECTION: 'embedded',
    CACHE_DRIVER: 'memory',
    // The demo receives notifications on this machine.
    NOTIFY_ALLOW_PRIVATE: 'on',
    APPMAX_AUTH_URL: simulatorUrl,
    APPMAX_API_URL: simulatorUrl,
    APPMAX_ADMIN_URL: `${simulatorUrl}/sandbox`,
    APPMAX_SCRIPT_URL: `${simulatorUrl}/appmax.min.js`,
    APPMAX_APP_ID_UUID: settings.appIdUuid,
    APPMAX_APP_ID_NUMERIC: settings.appIdNumeric,
    APPMAX_CLIENT_ID: settings.clientId,
    APPMAX_CLIENT_SECRET: settings.clientSecret,
  };
}

function port(variable: string, fallback: number): number {
  const number = Number(process.env[variable] ?? fallback);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  console.error(`${variable} must be a port, 1 to 65535`);
  process.exit(1);
}

quickstart().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
