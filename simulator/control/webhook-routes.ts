import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { pathId } from '../appmax/validation';
import { type Simulator } from '../simulator';
import { type WebhookDelivery } from '../webhooks/webhook-delivery';
import { webhookRuleSchema } from '../webhooks/webhook-rules';
import { ControlError, controlInput } from './control-error';
import { forgedWebhook, forgeSchema } from './forge';

const listSchema = z.object({
  limit: z.coerce.number().int().min(1).max(5000).default(100),
  order_id: z.coerce.number().int().optional(),
  event: z.string().optional(),
  state: z.string().optional(),
  external_key: z.string().optional(),
});
const releaseSchema = z.strictObject({ order: z.enum(['as_made', 'reverse', 'shuffle']).default('as_made') });

/** The longest time that `drain` waits, in milliseconds. */
const DRAIN_TIMEOUT_MILLISECONDS = 10_000;

/**
 * Returns the webhook that a control call names.
 * @throws ControlError 404
 */
export function namedWebhook(simulator: Simulator, parameters: unknown): WebhookDelivery {
  const id = pathId((parameters as { id: string }).id);
  const delivery = id === null ? undefined : simulator.dispatcher.find(id);
  if (delivery === undefined) throw new ControlError(404, 'webhook not found');
  return delivery;
}

/** Returns true if all webhooks were answered in time. */
async function drained(simulator: Simulator): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, DRAIN_TIMEOUT_MILLISECONDS);
  });
  const idle = simulator.sender.idle().then(() => true);
  const result = await Promise.race([idle, tooLong]);
  clearTimeout(timer);
  return result;
}

/** Registers the control routes for webhooks: the log, rules, release, drain, forge and resend. */
export function registerWebhookControl(app: FastifyInstance, simulator: Simulator): void {
  const { dispatcher } = simulator;
  app.get('/webhooks', (request) => {
    const { limit, ...wanted } = controlInput(listSchema, request.query);
    const filters = Object.entries(wanted) as ['order_id' | 'event' | 'state' | 'external_key', unknown][];
    return {
      webhooks: dispatcher.newest(limit, (delivery) =>
        filters.every(([key, value]) => delivery[key] === value),
      ),
    };
  });
  app.get('/webhooks/rules', () => ({ rules: dispatcher.rules.list() }));
  app.post('/webhooks', (request, reply) =>
    reply.code(201).send(dispatcher.rules.add(controlInput(webhookRuleSchema, request.body))),
  );
  app.delete('/webhooks/rules', () => {
    dispatcher.rules.clear();
    return { rules: [] };
  });
  app.delete('/webhooks/rules/:id', (request) => {
    const id = pathId((request.params as { id: string }).id);
    if (id === null || !dispatcher.rules.remove(id)) throw new ControlError(404, 'rule not found');
    return { rules: dispatcher.rules.list() };
  });
  app.post('/webhooks/release', async (request) => {
    const { order } = controlInput(releaseSchema, request.body);
    return { released: await dispatcher.release(order) };
  });
  app.post('/webhooks/drain', async () => ({ drained: await drained(simulator) }));
  app.post('/webhooks/forge', async (request, reply) => {
    const outgoing = forgedWebhook(simulator, controlInput(forgeSchema, request.body));
    return reply.code(201).send(await dispatcher.forge(outgoing));
  });
  app.get('/webhooks/:id', (request) => namedWebhook(simulator, request.params));
  app.post('/webhooks/:id/resend', async (request) =>
    dispatcher.resend(namedWebhook(simulator, request.params)),
  );
}
