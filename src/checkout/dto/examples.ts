import type { CustomerDto } from './customer.dto';
import type { CreateOrderDto, OrderDto } from './order.dto';
import type { PayByBoletoDto, PayByCardDto, PayByPixDto } from './pay.dto';

const customer: CustomerDto = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  document_number: '52998224725',
};

const order: OrderDto = {
  products_value: 14990,
  shipping_value: 1500,
  discount_value: 500,
  products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990, type: 'physical' }],
};

const holder = { holder_name: 'MARINA SOUZA', holder_document_number: '52998224725' };

const card = {
  ...holder,
  number: '4000000000000010',
  cvv: '123',
  expiration_month: '12',
  expiration_year: '2030',
};

const known = { customer_id: 904211, order_id: 1773760001 };
const document_number = '52998224725';

/**
 * Complete request bodies, as examples in the OpenAPI document. The first one of each route works as it is in a new
 * quickstart.
 */
export const BODIES = {
  order: { 'A customer and an order': { customer, order } satisfies CreateOrderDto },
  card: {
    'A new order, with raw card data': {
      customer,
      order,
      payment: { ...card, installments: 1 },
    } satisfies PayByCardDto,
    'An existing order, with a card token': {
      ...known,
      payment: { ...holder, token: 'tok_8f14e45fceea167a5a36dedd4bea2543', installments: 1 },
    } satisfies PayByCardDto,
  },
  pix: {
    'A new order': { customer, order, document_number } satisfies PayByPixDto,
    'An existing order': { ...known, document_number } satisfies PayByPixDto,
  },
  boleto: {
    'A new order': { customer, order, document_number } satisfies PayByBoletoDto,
    'An existing order': { ...known, document_number } satisfies PayByBoletoDto,
  },
} as const;
