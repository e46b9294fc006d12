import { mentions, payloadPattern, type Subject } from './subject';

const SUBJECT: Subject = {
  documents: ['11222333000181', '39053344705'],
  emails: ['zenaide@shopper.example'],
  customerIds: [501],
  shop: undefined,
};

describe('mentions', () => {
  it.each<[string, string, object, boolean]>([
    ['the document without punctuation', 'OrderPaid', { data: { customer: { cpf: '39053344705' } } }, true],
    ['the document as a number', 'OrderPaid', { data: { cpf: 39053344705 } }, true],
    ['the document in a text', 'OrderPaid', { data: [{ note: 'CPF: 390.533.447-05, pago' }] }, true],
    ['the CNPJ with punctuation', 'OrderPaid', { data: { cnpj: '11.222.333/0001-81' } }, true],
    ['digits around the document', 'OrderPaid', { data: { code: '1390533447051' } }, false],
    ['the e-mail address in capitals', 'OrderPaid', { data: { email: 'Zenaide@Shopper.example' } }, true],
    ['another e-mail address', 'OrderPaid', { data: { email: 'z@shopper.example' } }, false],
    ['the customer of an order', 'OrderPaid', { data: { id: 7, customer_id: '501' } }, true],
    ['a nested customer', 'order_paid', { data: { customer: { id: 501 } } }, true],
    ['an order with the number of the customer', 'OrderPaid', { data: { id: 501, customer_id: 7 } }, false],
    ['a customer in an event without an order', 'CustomerCreated', { data: { id: 501 } }, true],
    ['no customer', 'CustomerCreated', { data: { id: null } }, false],
  ])('a payload with %s: in %s, %j gives %s', (_, event, payload, expected) => {
    expect(mentions(payload, event, SUBJECT)).toBe(expected);
    // The database finds at least those payloads.
    const escaped = JSON.stringify(payload).replaceAll('/', String.raw`\/`);
    if (expected) expect(new RegExp(payloadPattern(SUBJECT), 'i').test(escaped)).toBe(true);
  });

  it('a person of whom nothing is known is mentioned nowhere', () => {
    const nobody = { documents: [], emails: [], customerIds: [], shop: undefined };
    expect(mentions({ data: { id: 1, email: '' } }, 'CustomerCreated', nobody)).toBe(false);
    expect(payloadPattern(nobody)).toBe('');
  });
});
