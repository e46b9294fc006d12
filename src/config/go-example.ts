/** A variable of Appmax's Go example that this service does not read. */
interface ForeignVariable {
  /** The value that means the same as being unset. */
  readonly harmless?: RegExp;
  /** The replacement, as the rest of a sentence that begins with the name of the variable. */
  readonly instead: string;
}

const OWN_LOG = 'is not read: the service writes its log as JSON lines to standard output. Remove it';
const NO_TLS =
  'is not read: let a proxy in front of the service do TLS, and set APP_URL and TRUST_PROXY. Remove it';
const NOT_NEEDED = 'is not read, and the service must not have this secret. Remove it';

/** The variables of the Go example that have another name here, or none. All others have the same name and meaning. */
export const FOREIGN_VARIABLES: Readonly<Record<string, ForeignVariable>> = {
  APP_ID_UUID: { instead: 'is not read: set APPMAX_APP_ID_UUID instead' },
  APP_DEBUG: { harmless: /^(false|0|off)$/i, instead: 'is not read: set LOG_LEVEL=debug instead' },
  APP_TIMEZONE: {
    harmless: /^(UTC|Etc\/UTC)$/i,
    instead:
      'must be UTC or unset: the TIMESTAMP columns hold UTC instants. If the Go example wrote another time zone, convert them before the takeover',
  },
  APPMAX_CALLBACK_URL: { instead: 'is not read: the callback is below APP_URL or NGROK_URL. Remove it' },
  APPMAX_LOGIN: { instead: NOT_NEEDED },
  APPMAX_PASSWORD: { instead: NOT_NEEDED },
  NGROK_AUTHTOKEN: {
    instead: 'is not read: it belongs to ngrok (ngrok config add-authtoken), the service needs NGROK_URL',
  },
  MODULE_PATH: { instead: 'is not read: it is the path of a Go module. Remove it' },
  LOG_CHANNEL: { instead: OWN_LOG },
  LOG_PATH: { instead: OWN_LOG },
  LOG_PRINT: { instead: OWN_LOG },
  APP_TLS_HOST: { instead: NO_TLS },
  APP_TLS_PORT: { instead: NO_TLS },
  APP_TLS_CERT: { instead: NO_TLS },
  APP_TLS_KEY: { instead: NO_TLS },
};

/** Lists the variables of the Go example that would have no effect, each with what to set instead; never a value. */
export function foreignFaults(variables: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(FOREIGN_VARIABLES).flatMap(([name, { harmless, instead }]) => {
    const value = variables[name]?.trim() ?? '';
    return value === '' || harmless?.test(value) === true ? [] : [`${name} ${instead}`];
  });
}
