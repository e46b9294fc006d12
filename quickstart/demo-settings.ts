import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the quickstart keeps what it made up, so that a second start finds it again. */
const FILE = join('data', 'quickstart.json');

/** The credentials that the simulator gives and the service uses, and the key to the secret routes. */
export interface DemoSettings {
  readonly appIdUuid: string;
  readonly appIdNumeric: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly secretKey: string;
  readonly serviceUrl: string;
  readonly simulatorUrl: string;
}

/** The settings of the quickstart on these ports: those of the last one, or new ones. */
export function demoSettings(ports: { service: number; simulator: number }): DemoSettings {
  const addresses = {
    serviceUrl: `http://127.0.0.1:${ports.service}`,
    simulatorUrl: `http://127.0.0.1:${ports.simulator}`,
  };
  const settings = { ...(readDemoSettings() ?? madeUp()), ...addresses };
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  chmodSync(FILE, 0o600);
  return settings;
}

/** The settings of the quickstart that was started last; undefined before the first. */
export function readDemoSettings(): DemoSettings | undefined {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as DemoSettings) : undefined;
}

function madeUp(): Omit<DemoSettings, 'serviceUrl' | 'simulatorUrl'> {
  return {
    appIdUuid: randomUUID(),
    appIdNumeric: String(randomInt(1_000, 999_999)),
    clientId: `demo_${randomBytes(8).toString('hex')}`,
    clientSecret: randomBytes(24).toString('base64url'),
    secretKey: `sk_demo_${randomBytes(18).toString('base64url')}`,
  };
}
