import { parseConfig } from '../config';
import { SetupService } from './setup.service';

const READY = {
  status: 'ok',
  database: 'up',
  migrations: 'up to date',
  cache: 'up',
  background: 'running',
} as const;
const APP = {
  APP_ENV: 'test',
  DB_CONNECTION: 'embedded',
  APPMAX_CLIENT_ID: 'client',
  APPMAX_CLIENT_SECRET: 'secret',
};

function setup(acceptsCredentials: () => Promise<boolean>, variables: Record<string, string> = APP) {
  const query = jest.fn(() => Promise.resolve([{ installation: true, webhook: true, sale: false }]));
  const service = new SetupService(
    parseConfig(variables),
    { check: () => Promise.resolve(READY) } as never,
    { acceptsCredentials } as never,
    { query } as never,
  );
  const stateOf = async (step: string): Promise<unknown> =>
    (await service.checks()).find((check) => check.step === step)?.state;
  return { query, stateOf };
}

describe('SetupService', () => {
  it.each([
    [() => Promise.resolve(true), 'done'],
    [() => Promise.resolve(false), 'missing'],
    [() => Promise.reject(new Error('Appmax does not answer')), 'unknown'],
  ])('the credentials of the app are as Appmax says', async (answer, expected) => {
    expect(await setup(answer).stateOf('credentials')).toBe(expected);
  });

  it('Appmax is asked once for many visits, and never without credentials', async () => {
    const accepts = jest.fn(() => Promise.resolve(true));
    const { stateOf } = setup(accepts);
    await Promise.all([stateOf('credentials'), stateOf('credentials')]);
    expect(await stateOf('credentials')).toBe('done');
    expect(accepts).toHaveBeenCalledTimes(1);
    expect(await setup(accepts, { APP_ENV: 'test', DB_CONNECTION: 'embedded' }).stateOf('credentials')).toBe(
      'missing',
    );
    expect(accepts).toHaveBeenCalledTimes(1);
  });

  it('what can not be read is not reported as missing', async () => {
    const { query, stateOf } = setup(() => Promise.resolve(true));
    expect([await stateOf('webhook'), await stateOf('sale')]).toEqual(['done', 'missing']);
    query.mockRejectedValue(new Error('no database'));
    expect([await stateOf('installation'), await stateOf('sale')]).toEqual(['unknown', 'unknown']);
    expect(await stateOf('database')).toBe('done');
  });
});
