import 'reflect-metadata';
import type { ClassConstructor } from 'class-transformer';
import fc from 'fast-check';
import { ApiError, type FieldError } from '../../common/errors/api-error';
import { BodyPipe } from '../../common/validation/body.pipe';
import { RefundDto, TrackingCodeDto, UpsellDto } from './after-sale.dto';
import { TokenizeDto } from './card.dto';
import { CreateOrderDto } from './order.dto';
import { PayByBoletoDto, PayByCardDto, PayByPixDto } from './pay.dto';

const MAX = 2_147_483_647;

const product = { sku: 'SKU-1', name: 'Camiseta', quantity: 1, unit_value: 10_000 };
const order = { products_value: 10_000, discount_value: 500, shipping_value: 1_500, products: [product] };
const address = {
  postcode: '01310100',
  street: 'Avenida Paulista',
  number: '1000',
  district: 'Bela Vista',
  city: 'São Paulo',
  state: 'SP',
};
const customer = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  document_number: '52998224725',
};
const holder = { holder_name: 'MARINA SOUZA', holder_document_number: '52998224725' };
const token = { token: 'tok_1', ...holder };
const raw = {
  number: '4000000000000010',
  cvv: '123',
  expiration_month: '12',
  expiration_year: '2030',
  ...holder,
};

const pipe = new BodyPipe();

async function read<Body>(type: ClassConstructor<Body>, body: unknown): Promise<Body> {
  return (await pipe.transform(body, { type: 'body', metatype: type })) as Body;
}

/** Returns the error message for a body that is refused. */
async function messageOf(type: ClassConstructor<object>, body: unknown): Promise<string> {
  try {
    await read(type, body);
  } catch (error) {
    if (error instanceof ApiError) return (error.getResponse() as { message: string }).message;
    throw error;
  }
  throw new Error('The body was taken');
}

/** Returns the messages of the fields for which a body is refused. */
async function errorsOf(type: ClassConstructor<object>, body: unknown): Promise<string> {
  const error: unknown = await read(type, body).catch((thrown: unknown) => thrown);
  const { errors = [] } = (error as ApiError).getResponse() as { errors?: FieldError[] };
  return errors.map(({ message }) => message).join('; ');
}

/** Returns the fields for which a body is refused; none if it is accepted. */
async function refusedFor(type: ClassConstructor<object>, body: unknown): Promise<string[]> {
  try {
    await read(type, body);
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { errors = [] } = error.getResponse() as { errors?: FieldError[] };
    return errors.map(({ field }) => field);
  }
}

describe('Bodies as people fill them in', () => {
  const noted = (fields: object): Promise<CreateOrderDto> =>
    read(CreateOrderDto, { customer: { ...customer, ...fields }, order });

  it.each<[string, object, object]>([
    ['a blank complement', { address: { ...address, complement: ' ' } }, { address }],
    ['an empty IP address', { ip: '' }, {}],
    [
      'a blank campaign',
      { tracking: { utm_source: '\t', utm_campaign: 'winter' } },
      { tracking: { utm_campaign: 'winter' } },
    ],
    ['an address of blanks', { address: { postcode: '', street: ' ', number: '', city: '\u200b' } }, {}],
    ['blanks around a name', { first_name: '  Marina\u00a0' }, { first_name: 'Marina' }],
    [
      'invisible marks in an e-mail',
      { email: '\u202amarina@ex\u200bample.com\u202c' },
      { email: 'marina@example.com' },
    ],
    ['a mask and marks in a document', { document_number: '\u202d529.982.247-25\u202c' }, {}],
    ['an IP address with a port', { ip: '203.0.113.9:52100' }, { ip: '203.0.113.9' }],
    ['an IPv4-mapped IP address', { ip: '::ffff:203.0.113.9' }, { ip: '203.0.113.9' }],
    ['an IPv6 address in brackets', { ip: '[2001:DB8::1]:443' }, { ip: '2001:db8::1' }],
  ])('%s is understood', async (_, given, expected) => {
    expect((await noted(given)).customer).toEqual({ ...customer, ...expected });
  });

  it.each(['12.abc.345/01de-35', '12abc34501de35', ' 12ABC34501DE35 '])(
    'the CNPJ %s gets capital letters and no mask',
    async (document_number) => {
      expect((await noted({ document_number })).customer.document_number).toBe('12ABC34501DE35');
    },
  );

  it.each(['', ' ', '\u200b', '\u2800\u3164', '\ufeff \u00a0'])(
    'a required name of blanks is missing: %j',
    async (last_name) => {
      const body = { customer: { ...customer, last_name }, order };
      expect(await refusedFor(CreateOrderDto, body)).toEqual(['customer.last_name']);
    },
  );

  it('a blank discount, customer_id, order_id and number of installments are absent', async () => {
    const body = { customer_id: '', order_id: ' ', customer, order: { ...order, discount_value: '' } };
    const { order: sold, ...payment } = await read(PayByCardDto, {
      ...body,
      payment: { ...token, installments: '', upsell_hash: ' ' },
    });
    expect(sold?.discount_value).toBeUndefined();
    expect([payment.customer_id, payment.order_id]).toEqual([undefined, undefined]);
    expect([payment.payment.installments, payment.payment.upsell_hash]).toEqual([undefined, undefined]);
  });

  it.each([149.9, '149.90', '149,90', '1.499,00', 'R$ 149'])(
    'the amount %j is refused by a message that says cents',
    async (amount) => {
      const bodies: [ClassConstructor<object>, object][] = [
        [CreateOrderDto, { customer, order: { ...order, products_value: amount } }],
        [CreateOrderDto, { customer, order: { ...order, shipping_value: amount } }],
        [CreateOrderDto, { customer, order: { ...order, products: [{ ...product, unit_value: amount }] } }],
        [RefundDto, { order_id: 1, type: 'partial', value: amount }],
        [UpsellDto, { upsell_hash: 'x', products_value: amount, products: [product] }],
      ];
      for (const [type, body] of bodies)
        expect(await errorsOf(type, body)).toMatch(/_?value must be .*cents/);
    },
  );
});

describe('CreateOrderDto', () => {
  it('a customer and an order with all optional fields are accepted', async () => {
    const body = {
      customer: {
        ...customer,
        ip: '2001:db8::1',
        address: { ...address, complement: 'ap. 12' },
        products: [{ ...product, type: 'digital' }],
        tracking: { utm_source: 'mail', utm_campaign: 'winter' },
      },
      order: { ...order, products: [{ ...product, type: 'physical' }] },
    };
    expect(await read(CreateOrderDto, body)).toEqual(body);
  });

  it('masks, the country code and lower case are normalised', async () => {
    const { customer: kept } = await read(CreateOrderDto, {
      customer: {
        ...customer,
        phone: '+55 (11) 98888-7777',
        document_number: '529.982.247-25',
        address: { ...address, postcode: ' 01310-100 ', state: 'sp ' },
      },
      order,
    });
    expect(kept).toEqual({ ...customer, address });
  });

  it('a customer and an order with only the required fields are accepted', async () => {
    const body = { customer, order: { products_value: 10_000, products: [product] } };
    expect(await read(CreateOrderDto, body)).toEqual(body);
  });

  it('unknown fields are dropped, in depth', async () => {
    const body = await read(CreateOrderDto, {
      admin: true,
      customer: { ...customer, id: 1, address: { ...address, country: 'BR' } },
      order: { ...order, status: 'aprovado', products: [{ ...product, weight: 1 }] },
    });
    expect(body).toEqual({ customer: { ...customer, address }, order });
  });

  it.each<[string, object, string]>([
    ['an invalid e-mail', { email: 'marina' }, 'customer.email'],
    [
      'an e-mail that is too long',
      { email: `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c.'.repeat(100)}br` },
      'customer.email',
    ],
    ['no name', { first_name: undefined }, 'customer.first_name'],
    ['an empty name', { last_name: '' }, 'customer.last_name'],
    ['a name that is too long', { last_name: 'x'.repeat(256) }, 'customer.last_name'],
    ['a name with a NUL', { first_name: 'Mar\0ina' }, 'customer.first_name'],
    ['a phone that is a number', { phone: 11_988_887_777 }, 'customer.phone'],
    ['a phone of 12 digits', { phone: '119888877771' }, 'customer.phone'],
    ['a phone of another country', { phone: '+54 3572 60-0000' }, 'customer.phone'],
    [
      'a postcode with letters',
      { address: { ...address, postcode: 'SW1A 1AA' } },
      'customer.address.postcode',
    ],
    ["a state's whole name", { address: { ...address, state: 'São Paulo' } }, 'customer.address.state'],
    ['a document with wrong check digits', { document_number: '12345678900' }, 'customer.document_number'],
    ['an invalid IP address', { ip: '999.1.1.1' }, 'customer.ip'],
    ['an address without a city', { address: { ...address, city: undefined } }, 'customer.address.city'],
    ['an address that is a text', { address: 'Avenida Paulista' }, 'customer.address'],
    ['an address that is a list', { address: [address] }, 'customer.address'],
    [
      'a product of an unknown type',
      { products: [{ ...product, type: 'liquid' }] },
      'customer.products.0.type',
    ],
    ['a campaign that is a number', { tracking: { utm_campaign: 5 } }, 'customer.tracking.utm_campaign'],
  ])('a customer with %s is refused', async (_, change, field) => {
    expect(await refusedFor(CreateOrderDto, { customer: { ...customer, ...change }, order })).toEqual([
      field,
    ]);
  });

  it.each<[string, object, string]>([
    ['no products', { products: undefined }, 'order.products'],
    ['an empty list of products', { products: [] }, 'order.products'],
    ['products that are not a list', { products: product }, 'order.products'],
    ['more than 200 products', { products: Array.from({ length: 201 }, () => product) }, 'order.products'],
    ['a product without a sku', { products: [product, { ...product, sku: '' }] }, 'order.products.1.sku'],
    ['a quantity of 0', { products: [{ ...product, quantity: 0 }] }, 'order.products.0.quantity'],
    ['a quantity of 0.5', { products: [{ ...product, quantity: 0.5 }] }, 'order.products.0.quantity'],
    ['a negative price', { products: [{ ...product, unit_value: -1 }] }, 'order.products.0.unit_value'],
    ['a value that is a text', { products_value: '10000' }, 'order.products_value'],
    ['a value with a fraction', { products_value: 100.5 }, 'order.products_value'],
    ['no value', { products_value: undefined }, 'order.products_value'],
    ['a value of more than 32 bits', { products_value: MAX + 1 }, 'order.products_value'],
    ['a negative discount', { discount_value: -1 }, 'order.discount_value'],
    ['a shipping that is a text', { shipping_value: 'free' }, 'order.shipping_value'],
    ['a discount above its price', { discount_value: 11_501 }, 'order.products_value'],
    ['a total of more than 32 bits', { products_value: MAX, shipping_value: 501 }, 'order.products_value'],
  ])('an order with %s is refused', async (_, change, field) => {
    expect(await refusedFor(CreateOrderDto, { customer, order: { ...order, ...change } })).toEqual([field]);
  });

  it.each([{ products: [null] }, { products: [[]] }, { products: ['SKU-1'] }, { products: [[product]] }])(
    'an order with the invalid products %j is refused',
    async (change) => {
      const fields = await refusedFor(CreateOrderDto, { customer, order: { ...order, ...change } });
      expect(fields).not.toEqual([]);
      for (const field of fields) expect(field).toMatch(/^order\.products/);
    },
  );

  it.each([
    [{ order }, 'customer'],
    [{ customer }, 'order'],
    [{ customer: null, order }, 'customer'],
    [{ customer, order: [] }, 'order'],
    [{ customer: 'Marina', order }, 'customer'],
  ])('the body %j is refused for its %s', async (body, field) => {
    expect(await refusedFor(CreateOrderDto, body)).toEqual([field]);
  });

  it('an order is accepted if and only if its total is from 0 to 2,147,483,647', async () => {
    const cents = fc.oneof(fc.integer({ min: 0, max: MAX }), fc.constantFrom(0, 1, MAX - 1, MAX));
    await fc.assert(
      fc.asyncProperty(cents, cents, cents, async (products_value, shipping_value, discount_value) => {
        const total = products_value + shipping_value - discount_value;
        const sold = { products_value, shipping_value, discount_value, products: [product] };
        const fields = await refusedFor(CreateOrderDto, { customer, order: sold });
        expect(fields).toEqual(total >= 0 && total <= MAX ? [] : ['order.products_value']);
      }),
    );
  });
});

describe.each<[string, ClassConstructor<object>, object, string]>([
  ['PayByCardDto', PayByCardDto, { payment: token }, 'payment'],
  ['PayByPixDto', PayByPixDto, { document_number: '52998224725' }, 'document_number'],
  ['PayByBoletoDto', PayByBoletoDto, { document_number: '52998224725' }, 'document_number'],
])('%s', (_, type, payment, required) => {
  it.each([
    { order_id: 70_012 },
    { order_id: 70_012, customer_id: 501 },
    { order_id: 70_012, customer_id: 0 },
  ])('the body %j with the id of an order is accepted', async (body) => {
    expect(await refusedFor(type, { ...body, ...payment })).toEqual([]);
  });

  it.each([{}, { order_id: 0 }, { order_id: null }, { order_id: 0, customer_id: 0 }])(
    'the body %j without the id of an order needs a customer and an order',
    async (body) => {
      expect(await refusedFor(type, { ...body, ...payment })).toEqual(['customer', 'order']);
      expect(await refusedFor(type, { ...body, ...payment, customer })).toEqual(['order']);
      expect(await refusedFor(type, { ...body, ...payment, order })).toEqual(['customer']);
      expect(await refusedFor(type, { ...body, ...payment, customer, order })).toEqual([]);
    },
  );

  it('an id of 0 counts as missing', async () => {
    const body = await read(type, { order_id: 0, customer_id: 0, ...payment, customer, order });
    expect(body).toMatchObject({ customer, order });
    expect((body as { order_id?: number }).order_id).toBeUndefined();
    expect((body as { customer_id?: number }).customer_id).toBeUndefined();
  });

  it.each([
    [{ order_id: -1 }, 'order_id'],
    [{ order_id: 1.5 }, 'order_id'],
    [{ order_id: '70012' }, 'order_id'],
    [{ order_id: MAX + 1 }, 'order_id'],
    [{ order_id: 70_012, customer_id: 'x' }, 'customer_id'],
  ])('the body %j is refused for its %s', async (body, field) => {
    expect(await refusedFor(type, { ...body, ...payment })).toEqual([field]);
  });

  it('errors in the customer and in the order are reported', async () => {
    const body = { ...payment, customer: { ...customer, email: 'x' }, order: { ...order, products: [] } };
    expect(await refusedFor(type, body)).toEqual(['customer.email', 'order.products']);
  });

  it(`the body needs ${required}`, async () => {
    expect(await refusedFor(type, { order_id: 70_012 })).toEqual([required]);
  });
});

describe.each<[string, ClassConstructor<object>]>([
  ['PayByPixDto', PayByPixDto],
  ['PayByBoletoDto', PayByBoletoDto],
])('%s', (_, type) => {
  it.each([['12345678900'], [''], [52_998_224_725], [null], ['52998224725x']])(
    'the document %j is refused',
    async (document_number) => {
      expect(await refusedFor(type, { order_id: 70_012, document_number })).toEqual(['document_number']);
    },
  );

  it('only the digits of a document are kept', async () => {
    const body = await read(type, { order_id: 70_012, document_number: '529.982.247-25' });
    expect(body).toMatchObject({ document_number: '52998224725' });
  });
});

describe('the card of a payment', () => {
  const pay = (payment: unknown): object => ({ order_id: 70_012, customer_id: 501, payment });

  it.each([
    ['a token', token],
    ['a number', raw],
    ['a year of two digits', { ...raw, expiration_year: '28' }],
    ['a month of one digit', { ...raw, expiration_month: '7' }],
    ['a month with a zero', { ...raw, expiration_month: '07' }],
    ['a cvv of four digits', { ...raw, cvv: '1234' }],
    ['all optional fields', { ...token, installments: 12, soft_descriptor: 'LOJA', upsell_hash: 'up' }],
  ])('a card with %s is accepted', async (_, payment) => {
    expect(await read(PayByCardDto, pay(payment))).toEqual(pay(payment));
  });

  it('blanks and dashes are removed from the card number, and other numbers become texts', async () => {
    const { payment } = await read(
      PayByCardDto,
      pay({ ...raw, number: '4000 0000-0000 0010', cvv: 123, expiration_month: 7, expiration_year: 2030 }),
    );
    expect(payment).toEqual({ ...raw, expiration_month: '7' });
  });

  it.each([
    ['neither token nor number', { ...holder }, ['number', 'cvv', 'expiration_month', 'expiration_year']],
    [
      'null for a token',
      { ...holder, token: null },
      ['number', 'cvv', 'expiration_month', 'expiration_year'],
    ],
    ['no cvv', { ...raw, cvv: undefined }, ['cvv']],
    ['a blank token', { ...token, token: ' ' }, ['number', 'cvv', 'expiration_month', 'expiration_year']],
    ['a token that is too long', { ...token, token: 'x'.repeat(513) }, ['token']],
    ['a number that is too short', { ...raw, number: '40000000000' }, ['number']],
    ['a number that is too long', { ...raw, number: '4'.repeat(20) }, ['number']],
    ['a number with letters', { ...raw, number: '4000x00000000010' }, ['number']],
    ['a number that is a list', { ...raw, number: ['4000000000000010'] }, ['number']],
    ['a cvv of two digits', { ...raw, cvv: '12' }, ['cvv']],
    ['a month of 13', { ...raw, expiration_month: '13' }, ['expiration_month']],
    ['a month of zero', { ...raw, expiration_month: '0' }, ['expiration_month']],
    ['a year of three digits', { ...raw, expiration_year: '203' }, ['expiration_year']],
    ['a year of another century', { ...raw, expiration_year: '1999' }, ['expiration_year']],
    ['no holder', { ...token, holder_name: undefined }, ['holder_name']],
    [
      'an invalid document of the holder',
      { ...token, holder_document_number: '1' },
      ['holder_document_number'],
    ],
    ['a descriptor that is too long', { ...token, soft_descriptor: 'x'.repeat(14) }, ['soft_descriptor']],
  ])('a card with %s is refused', async (_, payment, fields) => {
    expect(await refusedFor(PayByCardDto, pay(payment))).toEqual(fields.map((field) => `payment.${field}`));
  });

  it.each([
    [0, false],
    [1, true],
    [12, true],
    [12, true],
    [13, false],
    [21, false],
    [-1, false],
    [1.5, false],
    ['2', false],
  ])('a card may be paid in %j installments: %s', async (installments, expected) => {
    const fields = await refusedFor(PayByCardDto, pay({ ...token, installments }));
    expect(fields).toEqual(expected ? [] : ['payment.installments']);
  });

  it.each([['tok_1'], [null], [[token]], [undefined]])('the card %j is refused', async (payment) => {
    expect(await refusedFor(PayByCardDto, pay(payment))).toEqual(['payment']);
  });

  it('an error never repeats data of the card', async () => {
    expect.assertions(1);
    try {
      await read(
        PayByCardDto,
        pay({ ...raw, number: '4000x00000000010', cvv: '98765', holder_document_number: '12345678900' }),
      );
    } catch (error) {
      expect(JSON.stringify((error as ApiError).getResponse())).not.toMatch(/4000|98765|12345678900/);
    }
  });
});

describe.each<[string, ClassConstructor<object>, object]>([
  ['PayByCardDto', PayByCardDto, { order_id: 70_012, payment: token }],
  ['PayByPixDto', PayByPixDto, { order_id: 70_012, document_number: '52998224725' }],
])('the subscription of %s', (_, type, body) => {
  it.each(['month', 'monthly', 'year'])('the interval %s is kept unchanged', async (interval) => {
    const subscription = { interval, interval_count: 1 };
    expect(await read(type, { ...body, subscription })).toMatchObject({ subscription });
  });

  it.each([
    [{ interval_count: 1 }, 'subscription.interval'],
    [{ interval: 'month' }, 'subscription.interval_count'],
    [{ interval: 'month', interval_count: 0 }, 'subscription.interval_count'],
    [{ interval: 'month', interval_count: '1' }, 'subscription.interval_count'],
    ['monthly', 'subscription'],
    [[], 'subscription'],
  ])('the subscription %j is refused', async (subscription, field) => {
    expect(await refusedFor(type, { ...body, subscription })).toEqual([field]);
  });
});

describe('TokenizeDto', () => {
  const { holder_name } = holder;
  const card = {
    number: '4000000000000010',
    cvv: '123',
    expiration_month: '12',
    expiration_year: '2030',
    holder_name,
  };

  it('a card is accepted with its numbers as texts or numbers', async () => {
    expect(await read(TokenizeDto, card)).toEqual(card);
    const typed = {
      ...card,
      number: '4000 0000 0000 0010',
      cvv: 123,
      expiration_month: 12,
      expiration_year: 2030,
    };
    expect(await read(TokenizeDto, typed)).toEqual(card);
  });

  it.each(Object.keys(card))('the field %s is required', async (field) => {
    expect(await refusedFor(TokenizeDto, { ...card, [field]: undefined })).toEqual([field]);
    expect(await refusedFor(TokenizeDto, { ...card, [field]: '' })).toEqual([field]);
  });
});

describe.each<[string, ClassConstructor<object>, object]>([
  ['RefundDto', RefundDto, { type: 'total' }],
  ['TrackingCodeDto', TrackingCodeDto, { shipping_tracking_code: 'BR123' }],
])('%s', (_, type, rest) => {
  it.each([{}, { order_id: null }, { order_id: 0 }])(
    'the body %j is refused first of all because an order is required',
    async (body) => {
      expect(await messageOf(type, { ...rest, ...body })).toBe('order_id is required');
      expect(await messageOf(type, body)).toBe('order_id is required');
    },
  );

  it.each([-1, 1.5, '70012', MAX + 1])('the order id %j is refused', async (order_id) => {
    expect(await refusedFor(type, { ...rest, order_id })).toEqual(['order_id']);
    expect(await messageOf(type, { ...rest, order_id })).toBe('invalid request body');
  });
});

describe('RefundDto', () => {
  it.each<[object, string[]]>([
    [{ type: 'total' }, []],
    [{ type: 'partial', value: 1 }, []],
    [{ type: 'partial', value: MAX }, []],
    [{ type: 'partial' }, ['value']],
    [{ type: 'partial', value: 0 }, ['value']],
    [{ type: 'partial', value: -1 }, ['value']],
    [{ type: 'partial', value: 10.5 }, ['value']],
    [{ type: 'partial', value: '100' }, ['value']],
    [{ type: 'half', value: 100 }, ['type']],
    [{}, ['type']],
  ])('the refund %j is refused for %j', async (body, fields) => {
    expect(await refusedFor(RefundDto, { order_id: 70_012, ...body })).toEqual(fields);
  });
});

describe('TrackingCodeDto', () => {
  it.each([[undefined], [''], [123], ['x'.repeat(256)], ['BR\0']])(
    'the tracking code %j is refused',
    async (code) => {
      const body = { order_id: 70_012, shipping_tracking_code: code };
      expect(await refusedFor(TrackingCodeDto, body)).toEqual(['shipping_tracking_code']);
    },
  );
});

describe('UpsellDto', () => {
  const upsell = { upsell_hash: 'up', products_value: 100, products: [product] };

  it('an upsell with a hash, a value and products is accepted', async () => {
    expect(await read(UpsellDto, upsell)).toEqual(upsell);
  });

  it.each<[object, string]>([
    [{ upsell_hash: '' }, 'upsell_hash'],
    [{ products_value: -1 }, 'products_value'],
    [{ products: [] }, 'products'],
    [{ products: 'x' }, 'products'],
    [{ products: [{ ...product, name: 5 }] }, 'products.0.name'],
  ])('an upsell with %j is refused', async (change, field) => {
    expect(await refusedFor(UpsellDto, { ...upsell, ...change })).toEqual([field]);
  });
});
