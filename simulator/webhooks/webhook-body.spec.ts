import { type ContentModel } from '../settings/settings';
import { facts, merchant } from '../testing/sample-facts';
import { type OrderFacts } from './order-facts';
import { customerWebhook, orderWebhook, subscriptionWebhook, type WebhookShape } from './webhook-body';

function shape(model: ContentModel, envelope: boolean, ids: 'number' | 'text' = 'number'): WebhookShape {
  return { model, envelope, ids, appId: '7d1f4c3e-2b1a-4c57-9c3e-0d6b4e1a9f10', merchant };
}

const customer = {
  id: 501,
  firstname: 'Marina',
  lastname: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
};
const standardData = {
  id: 70_012,
  customer_id: 501,
  total_products: 149.9,
  total: 164.9,
  status: 'aprovado',
  payment_type: 'CreditCard',
  customer,
};
const appStoreFields = {
  site_id: '5b7a3a34-8c07-4df7-a1b2-52f4b6a6c3c1',
  app_id: '7d1f4c3e-2b1a-4c57-9c3e-0d6b4e1a9f10',
  client_key: 'loja-teste',
  external_key: 'loja-teste',
  partner_merchant: {
    merchant_email: 'loja@example.com',
    merchant_document_number: '12345678000199',
    merchant_phone: '11999990000',
  },
};

describe('orderWebhook', () => {
  it.each<[ContentModel, unknown]>([
    ['standard', { event: 'OrderPaid', event_type: '', data: standardData }],
    ['standard_meta', { event: 'OrderPaid', event_type: '', data: { ...standardData, meta: [] } }],
    [
      'two_level_flat',
      {
        event: 'OrderPaid',
        event_type: '',
        data: {
          order_id: 70_012,
          order_total_products: 149.9,
          order_total: 164.9,
          order_status: 'aprovado',
          order_payment_type: 'CreditCard',
          customer_id: 501,
          customer_firstname: 'Marina',
          customer_lastname: 'Souza',
          customer_email: 'marina.souza@example.com',
          customer_phone: '11988887777',
          customer_site: { id: 88 },
        },
      },
    ],
    [
      'custom_content',
      {
        event: 'OrderPaid',
        event_type: '',
        data: { order_id: 70_012, order_status: 'aprovado', order_total: 164.9 },
      },
    ],
    ['old_legacy', { event: 'order_paid', event_type: 'order', data: { order_id: 70_012 } }],
  ])('an order webhook in the model %s is as Appmax sends it', (model, body) => {
    expect(orderWebhook(shape(model, false), 'order_paid', facts)).toEqual(body);
  });

  it('an order webhook in the App Store envelope has all fields, in cents', () => {
    expect(orderWebhook(shape('old_legacy', true), 'order_paid', facts)).toEqual({
      event: 'order_paid',
      event_type: 'order',
      data: {
        order_id: 70_012,
        status: 'aprovado',
        total: 16_490,
        freight_value: 1500,
        discount: 0,
        interest: 0,
        paid_at: '2026-11-20 10:01:00',
        created_at: '2026-11-20 10:00:00',
        products: [{ sku: 'CAM-01', name: 'Camiseta', price: 14_990, quantity: 1 }],
        payment_info: {
          credit_card: {
            installments: 1,
            card_brand: 'visa',
            nsu: 'ef01234567',
            authorization_code: '234567',
            captured_at: '2026-11-20 10:01:00',
          },
        },
        notification_type: 'order_paid',
      },
      ...appStoreFields,
    });
  });

  it('an order webhook in the nested form has the order in `data.order`', () => {
    expect(orderWebhook(shape('old_legacy_nested', true), 'order_approved', facts)).toEqual({
      event: 'order_approved',
      event_type: 'order',
      data: {
        order: { id: 70_012, status: 'aprovado', total_paid: 16_490 },
        customer: { id: 501 },
        payment: { method: 'creditcard', installments: 1 },
      },
      ...appStoreFields,
    });
  });

  it('a refused payment is a payment event; other models append the reason to the event name', () => {
    expect(
      orderWebhook(shape('old_legacy', true), 'payment_not_authorized', facts, 'Saldo insuficiente'),
    ).toEqual({
      event: 'payment_not_authorized',
      event_type: 'payment',
      data: { customer_id: 501, order_id: 70_012, payment_type: 'credit_card', payment_total: 16_490 },
      ...appStoreFields,
    });
    const standard = orderWebhook(
      shape('standard', false),
      'payment_not_authorized',
      facts,
      'Saldo insuficiente',
    );
    expect(standard.event).toBe('PaymentNotAuthorized | Reason: Saldo insuficiente');
  });

  it('an order webhook has ids as text if the settings say so', () => {
    const body = orderWebhook(shape('standard', false, 'text'), 'order_approved', facts);
    expect(body.data).toMatchObject({ id: '70012', customer_id: '501' });
  });

  it('an order webhook has the code of an open Pix', () => {
    const pix: OrderFacts = {
      ...facts,
      pixExpiration: '2026-11-30T23:59:59',
      payment: {
        id: 1,
        reference: 'r',
        method: 'pix',
        state: 'open',
        amount: 16_490,
        fee: 0,
        createdAt: 0,
        paidAt: null,
        emv: '0002…',
        expiresAt: 0,
      },
    };
    expect(orderWebhook(shape('two_level_flat', false), 'order_pix_created', pix).data).toMatchObject({
      order_payment_type: 'Pix',
      order_pix_code: '0002…',
      order_pix_expiration_date: '2026-11-30T23:59:59',
    });
  });
});

describe('webhooks without an order', () => {
  it('a customer webhook has the customer, whose id is `data.id` or `data.customer_id`', () => {
    expect(customerWebhook(shape('standard', false), 'customer_created', facts.customer)).toEqual({
      event: 'CustomerCreated',
      event_type: '',
      data: { ...customer, site_id: 88 },
    });
    expect(customerWebhook(shape('old_legacy', false), 'customer_created', facts.customer)).toEqual({
      event: 'customer_created',
      event_type: 'customer',
      data: { id: 501 },
    });
    expect(customerWebhook(shape('old_legacy', true), 'customer_created', facts.customer)).toMatchObject({
      data: { customer_id: 501, customer_data: { telephone: '11988887777' } },
      ...appStoreFields,
    });
  });

  it('a subscription webhook has the subscription in the form of its model', () => {
    expect(subscriptionWebhook(shape('old_legacy', true), 'subscription_created', facts)).toMatchObject({
      event: 'subscription_created',
      event_type: 'subscription',
      data: { subscription_id: 41, customer_id: 501, total: 16_490 },
    });
    expect(subscriptionWebhook(shape('standard', false), 'subscription_delayed', facts)).toMatchObject({
      event: 'SubscriptionDelayedEvent',
      data: { id: 501, subscription: { id: 41 } },
    });
    expect(subscriptionWebhook(shape('standard', false), 'subscription_created', facts)).toMatchObject({
      event: 'CreatedSubscription',
      data: { id: 70_012, customer_id: 501 },
    });
  });
});
