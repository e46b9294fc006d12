import { readEnvironment } from '../environment';
import { type CardPayment, type Order } from '../orders/order';
import { type OrderAction, performAction } from '../orders/order-actions';
import { readCard } from '../payments/card';
import { chargeCard } from '../payments/card-payment';
import { type Settings } from '../settings/settings';
import { createSimulator, type Simulator } from '../simulator';

/** A simulator without an HTTP server and with a stopped clock, for unit specs. */
export class SimulatorFixture {
  readonly simulator: Simulator = createSimulator(readEnvironment({}));

  constructor() {
    this.simulator.clock.stop();
  }

  /** Creates an order of R$ 100,00 without payments. */
  order(settings: Partial<Settings> = {}): Order {
    Object.assign(this.simulator.settings, settings);
    const merchant = this.simulator.merchants.obtain({ externalKey: 'loja' });
    const { customer } = this.simulator.customers.save(merchant, {
      first_name: 'Ana',
      last_name: 'Lima',
      email: 'ana@example.com',
      phone: '11999990000',
      ip: '127.0.0.1',
    });
    return this.simulator.orders.create({
      merchant,
      customer,
      products: [{ sku: 'a', name: 'A', quantity: 1, unit_value: 10_000 }],
      productsValue: 10_000,
      shippingValue: 500,
      discountValue: 500,
    });
  }

  /** Pays by card, by default with the card that is approved. */
  card(order: Order, number = '4000000000000010'): CardPayment {
    const attempt = {
      card: readCard(number, 'g2'),
      installments: 1,
      softDescriptor: null,
      subscription: null,
    };
    return chargeCard(this.simulator, order, attempt);
  }

  act(order: Order, ...actions: readonly OrderAction[]): void {
    for (const action of actions) performAction(this.simulator, order, action);
  }

  /** Returns the events of all webhooks, oldest first. */
  events(): string[] {
    return this.simulator.dispatcher
      .newest(100)
      .map(({ event }) => event)
      .reverse();
  }

  /** Returns the ledger entries of an order as text: `charge 10000`. */
  money(order: Order): string[] {
    return this.simulator.ledger.list(order.id).map(({ kind, cents }) => `${kind} ${cents}`);
  }
}
