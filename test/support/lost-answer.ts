import { randomUUID } from 'node:crypto';
import { SimulatorControl } from '../../simulator/control-client';
import { send } from './http';
import type { Quickstart } from './quickstart';
import { cardPayment, CUSTOMER, ORDER } from './shop';

/** Pays an order by a card whose answer is lost, so that the outcome is unknown. @returns the id of the order */
export async function loseCardAnswer(quickstart: Quickstart, shopKey: string): Promise<number> {
  const control = new SimulatorControl(quickstart.simulatorUrl);
  const url = `${quickstart.serviceUrl}/checkout/${shopKey}`;
  // Without a key, an identical body within a minute is a repeat of the order.
  const headers = { 'idempotency-key': randomUUID() };
  const made = await send('POST', `${url}/order`, { body: { customer: CUSTOMER, order: ORDER }, headers });
  const orderId = made.body['order_id'] as number;
  await control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'before' });
  const answer = await send('POST', `${url}/pay/credit-card`, {
    body: { order_id: orderId, payment: cardPayment() },
  });
  if (answer.body['code'] !== 'payment_outcome_unknown')
    throw new Error(`The payment was answered ${answer.status}: ${answer.text}`);
  return orderId;
}
