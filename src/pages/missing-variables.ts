import type { Config } from '../config';

/** A variable that is not set yet, and what does not work without it. */
export interface MissingVariable {
  readonly name: string;
  readonly without: string;
}

/** Returns the unset variables that the service needs for some of its functions, but not to start. */
export function missingVariables({ appmax, secretKeys }: Config): MissingVariable[] {
  const variables = [
    {
      name: 'APPMAX_APP_ID_UUID',
      set: appmax.appIdUuid !== undefined,
      without: 'installations cannot be started',
    },
    {
      name: 'APPMAX_APP_ID_NUMERIC',
      set: appmax.appIdNumeric !== undefined,
      without: "Appmax's health check cannot be answered",
    },
    {
      name: 'APPMAX_CLIENT_ID',
      set: appmax.clientId !== undefined,
      without: 'installations cannot be started',
    },
    {
      name: 'APPMAX_CLIENT_SECRET',
      set: appmax.clientSecret !== undefined,
      without: 'installations cannot be started',
    },
    { name: 'API_SECRET_KEYS', set: secretKeys.length > 0, without: 'the secret routes cannot be called' },
  ];
  return variables.filter(({ set }) => !set).map(({ name, without }) => ({ name, without }));
}
