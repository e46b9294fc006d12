import { EnvironmentError, readEnvironment } from './environment';

describe('readEnvironment', () => {
  it('an empty environment gets new credentials, port 8090 and generation G2', () => {
    const environment = readEnvironment({ SIMULATOR_CLIENT_ID: '' });
    expect(environment).toMatchObject({
      SIMULATOR_HOST: '127.0.0.1',
      SIMULATOR_PORT: 8090,
      SIMULATOR_API: 'g2',
      SIMULATOR_SERVICE_URL: 'http://127.0.0.1:8080',
    });
    expect(environment.SIMULATOR_CLIENT_ID).toMatch(/^app_/);
    expect(environment.SIMULATOR_APP_ID_NUMERIC).toMatch(/^\d+$/);
    expect(environment.SIMULATOR_CLIENT_SECRET).not.toBe(readEnvironment({}).SIMULATOR_CLIENT_SECRET);
  });

  it('an invalid environment is refused with all errors at once, by variable', () => {
    const read = (): unknown =>
      readEnvironment({
        SIMULATOR_PORT: '70000',
        SIMULATOR_API: 'g3',
        SIMULATOR_APP_ID_UUID: '12',
        SIMULATOR_APP_ID_NUMERIC: 'abc',
        SIMULATOR_SERVICE_URL: 'ftp://x',
        SIMULATOR_WEBHOOK_URL: 'ftp://x',
        SIMULATOR_UNKNOWN_EXTERNAL_IDS: 'perhaps',
      });
    expect(read).toThrow(EnvironmentError);
    const variables = ['PORT', 'API', 'APP_ID_UUID', 'APP_ID_NUMERIC', 'SERVICE_URL', 'WEBHOOK_URL'];
    for (const variable of [...variables, 'UNKNOWN_EXTERNAL_IDS']) {
      expect(read).toThrow(`SIMULATOR_${variable}:`);
    }
  });
});
