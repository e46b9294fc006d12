import { Logger } from '@nestjs/common';
import { RequestCounts } from '../../cache';
import { ApiError } from '../../common/errors/api-error';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import type { Config } from '../../config';
import { alreadyInstalled, invalidAppId } from '../errors';
import { GuessLimit } from './guess-limit';

const keys = { current: Buffer.alloc(32, 7), previous: [] };
const create = (rateLimit = true): GuessLimit =>
  new GuessLimit({ rateLimit } as Config, new RequestCounts(null), new KeyedDigest(keys));

const refused = async (limit: GuessLimit, address: string, error: Error = invalidAppId()): Promise<unknown> =>
  limit.guard(address, () => Promise.reject(error)).catch((caught: unknown) => caught);
const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `192.0.2.${index}`);

describe('GuessLimit', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('the 21st refusal of an address is 429, before the health check is looked at, also if all come at once', async () => {
    const limit = create();
    const errors = await Promise.all(Array.from({ length: 21 }, () => refused(limit, '192.0.2.1')));
    const statuses = errors.map((error) => (error as ApiError).getStatus());
    expect(statuses.filter((status) => status === 400)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const answer = jest.fn(() => Promise.resolve('id'));
    await expect(limit.guard('192.0.2.1', answer)).rejects.toMatchObject({ status: 429 });
    expect(answer).not.toHaveBeenCalled();
    await expect(limit.guard('192.0.2.2', answer)).resolves.toBe('id');
  });

  it('the networks of one IPv6 /48 have 200 refusals together', async () => {
    const limit = create();
    for (let index = 0; index < 200; index += 1)
      expect(await refused(limit, `2001:db8:1:${index.toString(16)}::1`)).toMatchObject({ status: 400 });
    expect(await refused(limit, '2001:db8:1:ffff::1')).toMatchObject({ status: 429 });
    expect(await refused(limit, '2001:db8:2::1')).toMatchObject({ status: 400 });
  });

  it('after 20 refusals of all addresses, every refusal is the same, and the answer is told so', async () => {
    const limit = create();
    for (const address of addresses(20))
      expect(await refused(limit, address)).toMatchObject({ message: 'invalid app_id' });
    for (const error of [invalidAppId(), alreadyInstalled()])
      expect(await refused(limit, '198.51.100.1', error)).toMatchObject({
        status: 400,
        message: 'invalid client credentials',
      });
    await expect(limit.guard('198.51.100.2', (explains) => Promise.resolve(explains))).resolves.toBe(false);
  });

  it.each([
    ['answered health checks', undefined],
    ['failures of Appmax', new ApiError(502, 'failed to fetch merchant token')],
    ['other errors', new Error('a bug')],
  ])('%s do not count', async (_, error) => {
    const limit = create();
    for (let index = 0; index < 25; index += 1) {
      if (error === undefined) await limit.guard('192.0.2.1', () => Promise.resolve('id'));
      else expect(await refused(limit, '192.0.2.1', error)).toBe(error);
    }
    expect(await refused(limit, '192.0.2.1')).toMatchObject({ message: 'invalid app_id' });
  });

  it('without rate limits every refusal says what is wrong', async () => {
    const limit = create(false);
    for (let index = 0; index < 25; index += 1)
      expect(await refused(limit, '192.0.2.1')).toMatchObject({ message: 'invalid app_id' });
  });
});
