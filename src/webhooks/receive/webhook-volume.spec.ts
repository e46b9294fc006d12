import type { ApiError } from '../../common/errors/api-error';
import type { Config } from '../../config';
import type { WebhookTally } from './webhook-tally';
import { WebhookVolume } from './webhook-volume';

const MINUTE = 60_000;

describe('the volume of webhooks', () => {
  let now = 5_000;
  let add: jest.Mock;
  let volume: WebhookVolume;

  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    add = jest.fn();
    volume = new WebhookVolume(
      { webhookBytesPerMinute: 1_000 } as Config,
      { add } as unknown as WebhookTally,
    );
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const refusal = (bytes: number, isOrderKnown: boolean): unknown => {
    try {
      volume.takeReserved(bytes, isOrderKnown);
    } catch (error) {
      return [(error as ApiError).getStatus(), (error as ApiError).headers];
    }
    return 'taken';
  };

  it('any webhook may use half of the bytes of a minute, those of known orders all of them', () => {
    expect([volume.takeOpen(400), volume.takeOpen(100), volume.takeOpen(1)]).toEqual([true, true, false]);
    expect(refusal(500, true)).toBe('taken');
    expect(refusal(1, true)).toEqual([503, { 'Retry-After': '60' }]);
    expect(add.mock.calls).toEqual([['over the volume']]);
  });

  it('a webhook of an unknown order is refused until the minute is over', () => {
    expect(volume.takeOpen(500)).toBe(true);
    now += 45_500;
    expect(refusal(1, false)).toEqual([503, { 'Retry-After': '15' }]);
    now += MINUTE - 45_501;
    expect(volume.takeOpen(1)).toBe(false);
    now += 1;
    expect(volume.takeOpen(500)).toBe(true);
  });
});
