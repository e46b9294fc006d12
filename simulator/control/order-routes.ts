import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { pathId } from '../appmax/validation';
import { type Order } from '../orders/order';
import { ImpossibleAction, orderActionNames, performAction } from '../orders/order-actions';
import { type Simulator } from '../simulator';
import { orderEvents } from '../webhooks/event-names';
import { ControlError, controlInput } from './control-error';
import { orderView } from './views';

const listSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  external_key: z.string().optional(),
  status: z.string().optional(),
});

const actionSchema = z.strictObject({
  payment_id: z.number().int().positive().optional(),
  value: z.number().int().positive().optional(),
  status: z.string().trim().min(1).max(64).optional(),
  webhook: z.enum(orderEvents).optional(),
});

const ledgerSchema = z.object({ order_id: z.coerce.number().int().positive().optional() });

/**
 * Returns the order that a control call names.
 * @throws ControlError 404
 */
export function namedOrder(simulator: Simulator, parameters: unknown): Order {
  const id = pathId((parameters as { id: string }).id);
  const order = id === null ? undefined : simulator.orders.get(id);
  if (order === undefined) throw new ControlError(404, 'order not found');
  return order;
}

/**
 * Performs the action of a control call on its order.
 * @throws ControlError 404 for an unknown order or action, 400 for an invalid body, 409 if the order's state does not
 * allow the action
 */
export function actOnOrder(simulator: Simulator, parameters: unknown, body: unknown): Order {
  const order = namedOrder(simulator, parameters);
  const name = (parameters as { action: string }).action;
  const action = orderActionNames.find((known) => known === name);
  if (action === undefined)
    throw new ControlError(404, `unknown action; use one of: ${orderActionNames.join(', ')}`);
  const { payment_id, value, status, webhook } = controlInput(actionSchema, body);
  if (action === 'set-status' && status === undefined) throw new ControlError(400, 'status: required');
  try {
    performAction(simulator, order, action, { paymentId: payment_id, value, status, webhook });
  } catch (error) {
    if (error instanceof ImpossibleAction) throw new ControlError(409, error.message);
    throw error;
  }
  return order;
}

/** Registers the control routes for orders, their actions and the ledger. */
export function registerOrderControl(app: FastifyInstance, simulator: Simulator): void {
  app.get('/orders', (request) => {
    const { limit, external_key, status } = controlInput(listSchema, request.query);
    const orders = simulator.orders
      .newest(simulator.orders.size)
      .filter((order) => external_key === undefined || order.merchant.externalKey === external_key)
      .filter((order) => status === undefined || order.status === status)
      .slice(0, limit);
    return { total: simulator.orders.size, orders: orders.map(orderView) };
  });
  app.get('/orders/:id', (request) => orderView(namedOrder(simulator, request.params)));
  app.post('/orders/:id/:action', (request) =>
    orderView(actOnOrder(simulator, request.params, request.body)),
  );
  app.get('/ledger', (request) => {
    const { order_id } = controlInput(ledgerSchema, request.query);
    return { entries: simulator.ledger.list(order_id) };
  });
}
