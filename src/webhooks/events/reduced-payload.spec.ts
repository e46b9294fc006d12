import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPayload } from '../receive/payload-reader';
import { type EventColumns, isReduced, reducePayload } from './reduced-payload';

const PAID: EventColumns = { event: 'OrderPaid', event_type: 'order', appmax_order_id: 7 };

describe('reducePayload', () => {
  it('only the fields that the service needs are kept', () => {
    const payload = {
      event: 'OrderPaid | Zenaide',
      event_type: 'order',
      external_key: 'shop-42',
      client_key: 'client-42',
      partner_merchant: { name: 'Shop' },
      data: { id: 7, status: 'aprovado', customer: { id: 5, email: 'zenaide@shopper.example' } },
    };
    expect(reducePayload(payload, PAID)).toEqual({
      event: 'OrderPaid',
      event_type: 'order',
      external_key: 'shop-42',
      client_key: 'client-42',
      data: { order_id: 7, status: 'aprovado' },
      reduced: true,
    });
  });

  it.each([
    ['no object', null],
    [
      'keys and a status that are no such texts',
      { external_key: 'a@b.c', client_key: 7, data: { status: '12345' } },
    ],
  ])('a payload with %s keeps only what the columns say', (_, payload) => {
    expect(reducePayload(payload, PAID)).toEqual({
      event: 'OrderPaid',
      event_type: 'order',
      data: { order_id: 7 },
      reduced: true,
    });
  });

  it.each([
    ['shop-42', true],
    ['Loja São Paulo', true],
    ['0b0f1e2d-3c4b-5a69-7887-123456789012', true],
    ['39053344705', false],
    ['cpf 390.533.447-05', false],
    ['zenaide@shopper.example', false],
    ['x'.repeat(256), false],
  ])("that the merchant's key %j is kept is %s", (key, isKept) => {
    expect('external_key' in reducePayload({ external_key: key }, PAID)).toBe(isKept);
  });

  it('an event without an order has no data, because its ids are those of a person', () => {
    const columns = { event: 'CustomerCreated', event_type: '', appmax_order_id: null };
    expect(reducePayload({ data: { id: 5, status: 'x' } }, columns)).toEqual({
      event: 'CustomerCreated',
      reduced: true,
    });
  });

  it('a reduced payload of each fixture is read as the same event, and is not reduced again', () => {
    const file = join(__dirname, '..', '..', '..', 'test', 'fixtures', 'webhooks.json');
    const fixtures = JSON.parse(readFileSync(file, 'utf8')) as { readonly envelope: unknown }[];
    expect(fixtures.length).toBeGreaterThan(0);
    for (const { envelope } of fixtures) {
      const received = readPayload(envelope);
      const { event, eventType: event_type, appmaxOrderId: appmax_order_id } = received;
      const columns = { event, event_type, appmax_order_id };
      const reduced = reducePayload(envelope, columns);
      expect(readPayload(reduced)).toEqual(received);
      expect(isReduced(envelope, columns)).toBe(false);
      expect(isReduced(reduced, columns)).toBe(true);
      expect(JSON.stringify(reduced)).not.toMatch(/@|firstname|phone/);
    }
  });
});
