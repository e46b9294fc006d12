import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The file that keeps the generated settings for the next start. */
const FILE = join('data', 'quickstart.json');

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
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  chmodSync(FILE, 0o600);
  return settings;
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
