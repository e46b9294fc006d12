import { type ApiAnswer } from '../answers/answer';
import { type MerchantCall } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { customerSchema } from '../customers/customer';
import { type Simulator } from '../simulator';

/** Creates a customer, or updates the one with the same name, e-mail, phone and IP address (`POST /v1/customers`). */
export function saveCustomer(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const details = validBody(customerSchema, call.body);
  const { customer, created } = simulator.customers.save(call.merchant, details);
  if (created) simulator.publisher.customer(call.merchant, customer, 'customer_created');
  return {
    status: created ? call.answers.createdStatus : 200,
    body: { data: { customer: { id: customer.id } } },
  };
}
