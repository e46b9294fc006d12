import { Pool } from 'undici';
import { CUSTOMER, ORDER } from '../../quickstart/shop';
import type { SimulatorControl } from '../../simulator/control-client';

/** A merchant that calls the simulated Appmax directly, without the service: the baseline of a measurement. */
export class DirectMerchant {
  private constructor(
    private readonly pool: Pool,
    private readonly token: string,
    readonly customerId: number,
  ) {}

  /** Creates a merchant with a token and one customer. @param connections maximum of concurrent calls. */
  static async create(control: SimulatorControl, connections: number): Promise<DirectMerchant> {
    const { client_id, client_secret } = await control.createMerchant();
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    const answer = await fetch(`${control.origin}/oauth2/token`, { method: 'POST', body });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const pool = new Pool(control.origin, { connections });
    const made = (await new DirectMerchant(pool, token, 0).post('customers', {
      ...CUSTOMER,
      ip: '127.0.0.1',
    })) as { data: { customer: { id: number } } };
    return new DirectMerchant(pool, token, made.data.customer.id);
  }

  /** Posts to a path below `/v1/`. @throws Error for any response that is not a success. */
  async post(path: string, body: unknown): Promise<unknown> {
    const response = await this.pool.request({
      path: `/v1/${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify(body),
    });
    const answer = await response.body.json();
    if (response.statusCode >= 300)
      throw new Error(`${path}: ${response.statusCode} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Creates an order. @returns its id. */
  async createOrder(): Promise<number> {
    const { products, shipping_value, discount_value } = ORDER;
    const answer = (await this.post('orders', {
      customer_id: this.customerId,
      products,
      shipping_value,
      discount_value,
    })) as { data: { order: { id: number } } };
    return answer.data.order.id;
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
