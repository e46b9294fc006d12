import { type Merchant } from '../merchants/merchant';
import { type OrderFacts } from '../webhooks/order-facts';

/** The merchant of Appmax's samples. */
export const merchant: Merchant = {
  externalKey: 'loja-teste',
  siteId: '5b7a3a34-8c07-4df7-a1b2-52f4b6a6c3c1',
  pixKey: '3f1e0a52-3b5c-4c3a-9a56-0f0c5d3c9d11',
  storeName: 'Loja',
  email: 'loja@example.com',
  documentNumber: '12345678000199',
  phone: '11999990000',
  api: null,
  externalId: null,
  webhookUrl: null,
  contentModel: null,
  appStoreEnvelope: null,
  createdAt: 0,
  installedAt: 0,
  domainNames: [],
  clientIds: new Set(),
};

/** The order of Appmax's samples, paid by card. */
export const facts: OrderFacts = {
  orderId: 70_012,
  status: 'aprovado',
  productsValue: 14_990,
  shippingValue: 1500,
  discountValue: 0,
  interest: 0,
  total: 16_490,
  products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14_990 }],
  customer: {
    id: 501,
    firstname: 'Marina',
    lastname: 'Souza',
    email: 'marina.souza@example.com',
    phone: '11988887777',
    documentNumber: '52998224725',
  },
  payment: {
    id: 1,
    reference: '0123456789abcdef01234567',
    method: 'credit_card',
    state: 'paid',
    amount: 16_490,
    fee: 0,
    voidedAt: null,
    createdAt: 0,
    paidAt: 0,
    installments: 1,
    brand: 'visa',
    maskedNumber: '400000******0010',
    softDescriptor: null,
  },
  boletoUrl: null,
  pixExpiration: null,
  subscriptionId: 41,
  createdAt: '2026-11-20 10:00:00',
  paidAt: '2026-11-20 10:01:00',
};
