import fc from 'fast-check';
import { errorText, retryAfterOfBody } from './error-text';

describe('errorText', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a message', { message: 'Order not found' }, 'Order not found'],
    ['a message in error', { error: { message: 'Card refused' } }, 'Card refused'],
    ['a message in errors', { errors: { message: 'Invalid customer' } }, 'Invalid customer'],
    [
      'messages by field in errors',
      { errors: { message: { email: ['is required', 'is not an address'], phone: ['is required'] } } },
      'email: is required, is not an address; phone: is required',
    ],
    [
      'a field whose message is a text',
      { errors: { message: { email: 'is required' } } },
      'email: is required',
    ],
    [
      'an OAuth error with a description',
      { error: 'invalid_client', error_description: 'Client authentication failed' },
      'Client authentication failed',
    ],
    ['an OAuth error without a description', { error: 'invalid_client' }, 'invalid_client'],
    [
      'a failure with status 200',
      { success: false, data: { message: 'Pedido já possui pagamento' } },
      'Pedido já possui pagamento',
    ],
    [
      'errors before a general message',
      { message: 'Failed', errors: { message: 'CPF invalid' } },
      'CPF invalid',
    ],
    ['a text with blanks around it', { message: '  Order not found \n' }, 'Order not found'],
    ['an error as a text in errors', { errors: 'Invalid customer' }, 'Invalid customer'],
    ['a blank text before one that is not', { error: { message: ' ' }, message: 'Failed' }, 'Failed'],
    [
      'fields directly in errors',
      { message: 'Failed', errors: { phone: ['is too long'] } },
      'phone: is too long',
    ],
    [
      'a list of errors',
      { errors: ['CPF invalid', { message: 'phone invalid' }] },
      'CPF invalid, phone invalid',
    ],
    [
      'fields in the message of data',
      { data: { message: { phone: ['is required'] } } },
      'phone: is required',
    ],
    [
      'the old envelope with a code',
      { success: false, error: true, data: { errorCode: '403', message: 'Documento em lista restritiva' } },
      'Documento em lista restritiva',
    ],
    ['data as a text', { success: false, data: 'Pedido não encontrado' }, 'Pedido não encontrado'],
    [
      'a text beside data that is a number',
      { success: false, text: 'Failed to get order: 999', data: 400, status: 200 },
      'Failed to get order: 999',
    ],
    ['success as null, without data', { success: null, message: 'Failed' }, 'Failed'],
    ['success as a text, and data as null', { success: 'INATIVA', data: null, text: 'Expired' }, 'Expired'],
    ['an empty list as data', { success: false, data: [] }, undefined],
    ['an empty message by field', { errors: { message: {} } }, undefined],
    [
      'a field with nested fields',
      { errors: { message: { customer: { email: ['is required'] }, total: [5] } } },
      'customer: {"email":["is required"]}; total: 5',
    ],
    ['a message that is a number', { message: 42 }, undefined],
    ['a blank message', { message: ' ' }, undefined],
    ['an unknown format', { status: 'error' }, undefined],
    ['an empty object', {}, undefined],
    ['an empty list', [], undefined],
    ['a list', [{ message: 'Failed' }], undefined],
    ['null', null, undefined],
    ['a page of the CDN, which is not JSON', undefined, undefined],
    ['a text', '<html>502 Bad Gateway</html>', undefined],
    ['a number', 502, undefined],
  ])('the message of an error is read from: %s', (_, body, expected) => {
    expect(errorText(body)).toBe(expected);
  });

  it('any body is read without an error, and never as an empty text', () => {
    const key = fc.constantFrom(
      'message',
      'error',
      'errors',
      'data',
      'error_description',
      'success',
      'field',
    );
    const { body } = fc.letrec((tie) => ({
      body: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.dictionary(key, tie('body')),
        fc.array(tie('body'), { maxLength: 2 }),
      ),
    }));
    fc.assert(
      fc.property(body, (value) => {
        const words = errorText(value);
        expect(words === undefined || words.trim() !== '').toBe(true);
      }),
    );
  });
});

describe('retryAfterOfBody', () => {
  it.each<[unknown, number | undefined]>([
    [{ message: 'Too many requests', retryAfter: '45(s)' }, 45],
    [{ retryAfter: ' 7 ' }, 7],
    [{ retryAfter: 12 }, 12],
    [{ retryAfter: 'soon' }, undefined],
    [{ retryAfter: -3 }, undefined],
    [{}, undefined],
    [[], undefined],
    [null, undefined],
  ])('the seconds to wait of %j are %s', (body, seconds) => {
    expect(retryAfterOfBody(body)).toBe(seconds);
  });
});
