import { maskShopper } from './mask-shopper';

describe('The payload for a key without `operate`', () => {
  it('personal data are masked, and what the event says of the order stays', () => {
    const payload = {
      event: 'order_paid',
      data: {
        order_id: 1773760001,
        status: 'aprovado',
        total: 159.9,
        is_paid: true,
        refunded_at: null,
        customer: { firstname: 'Marina', email: 'marina@example.com', telephone: '11988887777' },
        items: [{ sku: 'CAM-01', price: 14990 }],
        note: 'call 529.982.247-25 or marina@example.com',
        addresses: ['Rua das Flores 10'],
      },
    };
    expect(maskShopper(payload)).toEqual({
      event: 'order_paid',
      data: {
        order_id: 1773760001,
        status: 'aprovado',
        total: 159.9,
        is_paid: true,
        refunded_at: null,
        customer: { firstname: '…', email: '…', telephone: '…' },
        items: [{ sku: 'CAM-01', price: 14990 }],
        note: 'call …25 or m…@example.com',
        addresses: ['…'],
      },
    });
  });
});
