import { createHmac } from 'node:crypto';
import { InvalidNotification, verifyNotification } from './notifications';

const SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const BODY = JSON.stringify({
  type: 'order.status_changed',
  timestamp: '2026-01-31T12:00:00Z',
  data: { order_id: 7, status: 'ação' },
});
const now = (): number => Math.floor(Date.now() / 1000);

/** Signs as the standard says, by another library than the client's. */
function sign(body: string, { id = 'msg_1', at = now(), secret = SECRET } = {}): Record<string, string> {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${id}.${String(at)}.${body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}

describe('The verification of a notification', () => {
  it("the example of Standard Webhooks' reference library has its signature", async () => {
    jest.useFakeTimers({ now: 1_614_265_330_000 });
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const verified = await verifyNotification(
      '{"test": 2432232314}',
      headers,
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    );
    jest.useRealTimers();
    expect(verified).toEqual({ test: 2432232314 });
  });

  it.each([
    ['as a text, with headers of Node', BODY, sign(BODY)],
    ['as bytes, with headers of fetch', new TextEncoder().encode(BODY), new Headers(sign(BODY))],
  ])('a signed body is parsed: %s', async (_, payload, headers) => {
    expect(await verifyNotification(payload, headers, SECRET)).toEqual(JSON.parse(BODY));
  });

  it('one valid signature of several is enough, as during a rotation of the secret', async () => {
    const headers = sign(BODY);
    const other = sign(BODY, { secret: `whsec_${Buffer.from('another').toString('base64')}` });
    const both = {
      ...headers,
      'webhook-signature': `v1a,xx ${other['webhook-signature']!} ${headers['webhook-signature']!}`,
    };
    expect(await verifyNotification(BODY, both, SECRET)).toEqual(JSON.parse(BODY));
  });

  it.each([
    ['another body', BODY.replace('7', '8'), sign(BODY)],
    ['another id', BODY, { ...sign(BODY), 'webhook-id': 'msg_2' }],
    ['another time', BODY, { ...sign(BODY), 'webhook-timestamp': String(now() - 1) }],
    ['the signature of another secret', BODY, sign(BODY, { secret: 'whsec_AAAA' })],
    ['an old time', BODY, sign(BODY, { at: now() - 330 })],
    ['a time in the future', BODY, sign(BODY, { at: now() + 400 })],
    ['a time that is no number', BODY, { ...sign(BODY), 'webhook-timestamp': 'NaN' }],
    ['no signature', BODY, { ...sign(BODY), 'webhook-signature': undefined }],
    ['an empty signature', BODY, { ...sign(BODY), 'webhook-signature': 'v1,' }],
    ['a signature that is no base64', BODY, { ...sign(BODY), 'webhook-signature': 'v1,%%%' }],
    [
      'another version',
      BODY,
      { ...sign(BODY), 'webhook-signature': sign(BODY)['webhook-signature']!.replace('v1', 'v2') },
    ],
  ])('a notification with %s is refused', async (_, body, headers) => {
    await expect(verifyNotification(body, headers, SECRET)).rejects.toBeInstanceOf(InvalidNotification);
  });
});
