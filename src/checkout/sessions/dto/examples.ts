import type { PaySessionByCardDto, PaySessionByCodeDto } from './pay-session.dto';
import type { CreateSessionDto } from './session.dto';

const customer = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  document_number: '52998224725',
};

const items: CreateSessionDto['items'] = [
  { sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990, type: 'physical' },
];

/** Complete request bodies, as examples in the OpenAPI document. */
export const SESSION_BODIES = {
  create: {
    'One product': { items } satisfies Partial<CreateSessionDto>,
    'A known shopper, and a way back': {
      items,
      shipping_value: 1500,
      discount_value: 500,
      customer,
      reference: 'order-4711',
      success_url: 'https://shop.example.com/thanks',
      cancel_url: 'https://shop.example.com/cart',
    } satisfies Partial<CreateSessionDto>,
  },
  card: {
    'A card token': {
      customer,
      payment: {
        token: 'tok_8f14e45fceea167a5a36dedd4bea2543',
        holder_name: 'MARINA SOUZA',
        holder_document_number: '52998224725',
        installments: 1,
      },
    } satisfies PaySessionByCardDto,
  },
  code: { 'A shopper who typed everything': { customer } satisfies PaySessionByCodeDto },
} as const;
