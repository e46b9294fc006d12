import { AppmaxFailure } from '../../appmax';
import { RequestCounts } from '../../cache';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { OrderPaymentLimit } from './order-payment-limit';

const SHOPPER = { orderId: 7, isShopper: true };

describe('The limit of payments of one order', () => {
  let sent = 0;
  let limit: OrderPaymentLimit;

  const newLimit = (rateLimit = true): OrderPaymentLimit =>
    new OrderPaymentLimit(
      { rateLimit },
      new RequestCounts(null),
      new KeyedDigest({ current: Buffer.alloc(32), previous: [] }),
    );

  const send = (): Promise<number> => Promise.resolve((sent += 1));

  const sendMany = async (order: typeof SHOPPER, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await limit.during(order, send);
  };

  beforeEach(() => {
    sent = 0;
    limit = newLimit();
  });

  it('thirty payments are sent in a minute, and the next one is refused with 429', async () => {
    await sendMany(SHOPPER, 30);
    await expect(limit.during(SHOPPER, send)).rejects.toMatchObject({ status: 429 });
    expect(sent).toBe(30);
    await sendMany({ ...SHOPPER, orderId: 8 }, 1);
  });

  it('payments of callers without proof do not use up the limit of the shopper', async () => {
    await sendMany({ ...SHOPPER, isShopper: false }, 30);
    await expect(limit.during({ ...SHOPPER, isShopper: false }, send)).rejects.toMatchObject({ status: 429 });
    await sendMany(SHOPPER, 30);
    expect(sent).toBe(60);
  });

  it.each(['unavailable', 'suspended', 'revoked', 'rate_limited'] as const)(
    'a payment that fails as %s does not count',
    async (kind) => {
      for (let index = 0; index < 31; index += 1)
        await expect(
          limit.during(SHOPPER, () => Promise.reject(new AppmaxFailure(kind, 'pix'))),
        ).rejects.toMatchObject({ kind });
      await sendMany(SHOPPER, 30);
    },
  );

  it('a payment that Appmax refuses counts', async () => {
    for (let index = 0; index < 30; index += 1)
      await expect(
        limit.during(SHOPPER, () => Promise.reject(new AppmaxFailure('refused', 'pix'))),
      ).rejects.toMatchObject({ kind: 'refused' });
    await expect(limit.during(SHOPPER, send)).rejects.toMatchObject({ status: 429 });
  });

  it('RATE_LIMIT=off turns it off', async () => {
    limit = newLimit(false);
    await sendMany(SHOPPER, 40);
    expect(sent).toBe(40);
  });
});
