import type { Config } from '../config';

/** A variable that is not set yet, and what doesn't work without it. */
export interface MissingVariable {
  readonly name: string;
  readonly without: string;
}

/** The variables that the service starts without, but doesn't do all of its work without. */
export function missingVariables({ appmax, secretKeys }: Config): MissingVariable[] {
  const variables = [
    {
      name: 'APPMAX_APP_ID_UUID',
      set: appmax.appIdUuid !== undefined,
      without: 'installations can not be started',
    },
    {
      name: 'APPMAX_APP_ID_NUMERIC',
      set: appmax.appIdNumeric !== undefined,
      without: "Appmax's health check can not be answered",
    },
    {
      name: 'APPMAX_CLIENT_ID',
      set: appmax.clientId !== undefined,
      without: 'installations can not be started',
    },
    {
      name: 'APPMAX_CLIENT_SECRET',
      set: appmax.clientSecret !== undefined,
      without: 'installations can not be started',
    },
    { name: 'API_SECRET_KEYS', set: secretKeys.length > 0, without: 'nobody can call the secret routes' },
  ];
  return variables.filter(({ set }) => !set).map(({ name, without }) => ({ name, without }));
}
