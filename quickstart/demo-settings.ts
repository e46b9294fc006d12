import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The file that keeps the generated settings for the next start. */
const FILE = join('data', 'quickstart.json');

/** The file with the variables of the service, which commands read that are run without variables of their own. */
const VARIABLES_FILE = join('data', 'quickstart.env');

/** The app's credentials at the simulator, the key to the secret routes, and the two URLs. */
export interface DemoSettings {
  readonly appIdUuid: string;
  readonly appIdNumeric: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly secretKey: string;
  /** The token that webhooks must have. */
  readonly webhookToken: string;
  readonly serviceUrl: string;
  readonly simulatorUrl: string;
}

/** Returns and saves the settings for these ports: the credentials of the last start, or new ones. */
export function demoSettings(ports: { service: number; simulator: number }): DemoSettings {
  const addresses = {
    serviceUrl: `http://127.0.0.1:${ports.service}`,
    simulatorUrl: `http://127.0.0.1:${ports.simulator}`,
  };
  // The settings of an earlier version lack what was added since.
  const settings = { ...newCredentials(), ...readDemoSettings(), ...addresses };
  writeSecret(FILE, `${JSON.stringify(settings, null, 2)}\n`);
  return settings;
}

/** Saves the variables of the service, so that commands beside the quickstart need none. */
export function keepForCommands(variables: Readonly<Record<string, string>>): void {
  writeSecret(
    VARIABLES_FILE,
    Object.entries(variables)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  );
}

/** Writes a file that only its owner can read. */
function writeSecret(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** Returns the settings of the last start; undefined before the first one. */
export function readDemoSettings(): DemoSettings | undefined {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as DemoSettings) : undefined;
}

function newCredentials(): Omit<DemoSettings, 'serviceUrl' | 'simulatorUrl'> {
  return {
    appIdUuid: randomUUID(),
    appIdNumeric: String(randomInt(1_000, 999_999)),
    clientId: `demo_${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(24).toString('base64url'),
    secretKey: `sk_demo_${randomBytes(18).toString('base64url')}`,
    webhookToken: randomBytes(24).toString('hex'),
  };
}
