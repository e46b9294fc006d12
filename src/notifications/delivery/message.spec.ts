import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signMessage } from './message';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const PREVIOUS = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const MESSAGE = {
  id: 'msg_1',
  type: 'order.status_changed',
  at: new Date('2026-01-31T12:00:00Z'),
  data: { order_id: 7, status: 'aprovado' },
};

describe('Signed notifications', () => {
  it('the signature is the HMAC of id, time and body', () => {
    const { body, headers } = signMessage(MESSAGE, [SECRET], new Date(1_700_000_000_999));
    expect(body).toBe(
      '{"type":"order.status_changed","timestamp":"2026-01-31T12:00:00.000Z","data":{"order_id":7,"status":"aprovado"}}',
    );
    const expected = createHmac('sha256', Buffer.alloc(32, 1))
      .update(`msg_1.1700000000.${body}`)
      .digest('base64');
    expect(headers).toEqual({
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': `v1,${expected}`,
    });
  });

  it('after a rotation a receiver verifies with either secret, and with no other', () => {
    const { body, headers } = signMessage(MESSAGE, [SECRET, PREVIOUS], new Date());
    for (const secret of [SECRET, PREVIOUS])
      expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({ type: MESSAGE.type });
    const other = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    expect(() => new Webhook(other).verify(body, { ...headers })).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(`${body} `, { ...headers })).toThrow('No matching signature');
  });
});
