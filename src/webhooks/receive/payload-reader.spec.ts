import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ApiError } from '../../common/errors/api-error';
import { statusOf } from '../events/event-catalogue';
import { readPayload } from './payload-reader';

interface Sample {
  readonly model: string;
  readonly order_id: number | null;
  readonly status: string | null;
  readonly envelope: { readonly event: string; readonly event_type: string };
}

const SAMPLES = JSON.parse(
  readFileSync(join(__dirname, '../../../test/fixtures/webhooks.json'), 'utf8'),
) as Sample[];

const orderIdOf = (data: unknown, event = 'OrderPaid'): number | null =>
  readPayload({ event, data }).appmaxOrderId;

function refusal(body: unknown): unknown {
  try {
    readPayload(body);
  } catch (error) {
    if (error instanceof ApiError) return [error.getStatus(), error.getResponse()];
    throw error;
  }
  return 'taken';
}

describe('the samples of webhooks', () => {
  it('there are samples in every content model', () => {
    expect(SAMPLES.length).toBeGreaterThan(100);
    expect(new Set(SAMPLES.map(({ model }) => model))).toEqual(
      new Set(['standard', 'standard_meta', 'two_level_flat', 'custom_content', 'old_legacy']),
    );
  });

  it.each(SAMPLES.map((sample, index) => ({ ...sample, index, event: sample.envelope.event })))(
    'sample $index ($model, $event) is about order $order_id and asserts $status',
    ({ envelope, order_id: orderId, status }) => {
      const received = readPayload(envelope);
      expect(received.appmaxOrderId).toBe(orderId);
      expect(statusOf(received.event) ?? null).toBe(status);
      expect(envelope.event.startsWith(received.event)).toBe(true);
      expect(received.eventType).toBe(envelope.event_type);
    },
  );
});

describe('the name of an event', () => {
  it.each([
    ['OrderPaid', 'OrderPaid'],
    ['PaymentNotAuthorized | Reason: Saldo insuficiente', 'PaymentNotAuthorized'],
    ['PaymentNotAuthorized | Reason: a | b', 'PaymentNotAuthorized'],
    [' OrderPaid ', 'OrderPaid'],
    ['Order|Paid', 'Order|Paid'],
    ['Order\0Paid', 'OrderPaid'],
    ['\0OrderPaid\0', 'OrderPaid'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), 'x'.repeat(64)],
    [`${'x'.repeat(70)} | Reason`, 'x'.repeat(64)],
  ])('the name of the event %j is %j', (event, expected) => {
    expect(readPayload({ event }).event).toBe(expected);
  });

  it.each([
    { event: '' },
    { event: '   ' },
    { event: '\0' },
    { event: ' | Reason: none' },
    { event: null },
    { event: 5 },
    { event: true },
    { event: ['OrderPaid'] },
    { event: { name: 'OrderPaid' } },
    {},
    { Event: 'OrderPaid' },
  ])('the body %j, which has no event name, is refused', (body) => {
    expect(refusal(body)).toEqual([
      400,
      {
        message: 'invalid request body',
        code: 'invalid_request_body',
        errors: [{ field: 'event', message: 'event must be a string that is not empty' }],
      },
    ]);
  });
});

describe('readPayload', () => {
  it.each([[null], [undefined], [[]], [[{ event: 'OrderPaid' }]], ['OrderPaid'], [''], [5], [true]])(
    'the payload %j, which is not an object, is refused',
    (body) => {
      expect(refusal(body)).toEqual([400, { message: 'invalid request body', code: 'invalid_request_body' }]);
    },
  );

  it.each([
    ['order', 'order'],
    ['', ''],
    [undefined, ''],
    [null, ''],
    [5, ''],
    [{ a: 1 }, ''],
    ['or\0der', 'order'],
    ['x'.repeat(32), 'x'.repeat(32)],
    ['x'.repeat(33), 'x'.repeat(32)],
  ])('the event type %j is read as %j', (eventType, expected) => {
    expect(readPayload({ event: 'OrderPaid', event_type: eventType }).eventType).toBe(expected);
  });

  it.each([[undefined], [null], [[]], [[{ order_id: 7 }]], ['order_id'], [7], [true], [{}]])(
    'an event with the data %j is accepted without an order',
    (data) => {
      expect(readPayload({ event: 'OrderPaid', data })).toEqual({
        event: 'OrderPaid',
        eventType: '',
        appmaxOrderId: null,
      });
    },
  );

  it('any payload is read as values that fit their columns, or refused', () => {
    const id = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger(), fc.string(), fc.jsonValue());
    const data = fc.record(
      { order_id: id, order: fc.oneof(id, fc.record({ id })), id, customer_id: id },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          event: fc.oneof(fc.string({ maxLength: 200 }), fc.constantFrom('OrderPaid', 'customer_created')),
          event_type: fc.string({ maxLength: 100 }),
          data: fc.oneof(data, fc.jsonValue()),
        },
        { requiredKeys: ['event'] },
      ),
    );
    fc.assert(
      fc.property(body, (value) => {
        if (refusal(value) !== 'taken') return;
        const { event, eventType, appmaxOrderId } = readPayload(value);
        expect(event).toMatch(/^[^\0]{1,64}$/);
        expect(eventType).toMatch(/^[^\0]{0,32}$/);
        const isId =
          Number.isInteger(appmaxOrderId) && appmaxOrderId! >= 1 && appmaxOrderId! <= 2_147_483_647;
        expect(appmaxOrderId === null || isId).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the order of an event', () => {
  it.each<[string, object, number | null]>([
    ['data.order_id', { order_id: 7 }, 7],
    ['data.order_id before all others', { order_id: 7, order: { id: 8 }, id: 9, customer_id: 1 }, 7],
    ['data.order.id', { order: { id: 8 } }, 8],
    ['data.order.id before data.id', { order: { id: 8 }, id: 9, customer_id: 1 }, 8],
    ['data.id beside a customer', { id: 9, customer_id: 1 }, 9],
    ['data.id beside a customer and meta', { id: 9, customer_id: 1, meta: {} }, 9],
    ['none with data.id alone', { id: 9 }, null],
    ['none with data.id and a null customer', { id: 9, customer_id: null }, null],
    ['data.order.id when data.order_id is null', { order_id: null, order: { id: 8 } }, 8],
    ['data.id when data.order is not an object', { order: 'x', id: 9, customer_id: 1 }, 9],
    [
      'none when data.order_id is not an id, despite other ids',
      { order_id: 'x', id: 9, customer_id: 1 },
      null,
    ],
    ['none in a customer alone', { customer_id: 1 }, null],
  ])('the order of an event is %s', (_, data, expected) => {
    expect(orderIdOf(data)).toBe(expected);
  });

  it.each(['customer_created', 'CustomerCreated', 'subscription_created', 'SubscriptionDelayedEvent'])(
    'the order of %s is never data.id, which is another id',
    (event) => {
      expect(orderIdOf({ id: 9, customer_id: 1 }, event)).toBeNull();
    },
  );

  it.each<[unknown, number | null]>([
    [1, 1],
    ['1', 1],
    ['0070012', 70_012],
    [2_147_483_647, 2_147_483_647],
    ['2147483647', 2_147_483_647],
    [2_147_483_648, null],
    ['2147483648', null],
    ['9999999999', null],
    ['99999999999999999999', null],
    [9_007_199_254_740_992, null],
    [0, null],
    ['0', null],
    [-7, null],
    ['-7', null],
    [7.5, null],
    ['7.0', null],
    ['7e2', null],
    [' 7', null],
    ['7\0', null],
    ['', null],
    [true, null],
    [[7], null],
    [{ id: 7 }, null],
  ])('the order id %j is read as %j', (value, expected) => {
    expect(orderIdOf({ order_id: value })).toBe(expected);
    expect(orderIdOf({ order: { id: value } })).toBe(expected);
    expect(orderIdOf({ id: value, customer_id: 1 })).toBe(expected);
  });
});
