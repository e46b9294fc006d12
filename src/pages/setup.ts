import type { Config } from '../config';

/** The steps of the setup before a shop can sell, in their order. */
export const SETUP_STEPS = [
  'settings',
  'database',
  'migrations',
  'cache',
  'background',
  'publicUrl',
  'credentials',
  'installation',
  'webhook',
  'sale',
] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** `unknown`: the check itself failed, such as without the database. */
export type SetupState = 'done' | 'missing' | 'unknown';

/** The settings that the service needs for some of its functions, but not to start. */
export const SETTINGS = [
  'APPMAX_APP_ID_UUID',
  'APPMAX_APP_ID_NUMERIC',
  'APPMAX_CLIENT_ID',
  'APPMAX_CLIENT_SECRET',
  'API_SECRET_KEYS',
  'WEBHOOK_TOKEN',
] as const;
export type Setting = (typeof SETTINGS)[number];

/** Returns the settings that are not set. */
export function missingSettings({ appmax, secretKeys, webhookToken }: Config): Setting[] {
  const isSet: Readonly<Record<Setting, boolean>> = {
    APPMAX_APP_ID_UUID: appmax.appIdUuid !== undefined,
    APPMAX_APP_ID_NUMERIC: appmax.appIdNumeric !== undefined,
    APPMAX_CLIENT_ID: appmax.clientId !== undefined,
    APPMAX_CLIENT_SECRET: appmax.clientSecret !== undefined,
    API_SECRET_KEYS: secretKeys.length > 0,
    WEBHOOK_TOKEN: webhookToken !== undefined,
  };
  return SETTINGS.filter((setting) => !isSet[setting]);
}

/** Hosts of one machine or of a private network, which Appmax can't reach. */
const PRIVATE_HOST =
  /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.|\[)|\.(localhost|local|internal)$|^[^.]+$/;

/** Returns true if Appmax can reach an address: HTTPS, and a host of the public network. */
export function isPublicAddress(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' && !PRIVATE_HOST.test(hostname);
}

/** Returns true if only this machine can use an address. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname);
}
