import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { settingsChangeSchema } from '../settings/settings';
import { resetSimulator, type Simulator } from '../simulator';
import { controlInput } from './control-error';
import { registerFaultControl } from './fault-routes';
import { registerMerchantControl } from './merchant-routes';
import { registerOrderControl } from './order-routes';
import { registerWebhookControl } from './webhook-routes';

const resetSchema = z.strictObject({
  keep_merchants: z.boolean().default(false),
  keep_settings: z.boolean().default(false),
});

const clockSchema = z.strictObject({
  stop: z.literal(true).optional(),
  start: z.literal(true).optional(),
  speed: z.number().positive().max(1_000_000).optional(),
  advance_seconds: z.number().positive().max(3_153_600_000).optional(),
});

const requestsSchema = z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) });

/** Registers the JSON API that controls the simulator; docs/simulator.md describes it. */
export function registerControlApi(app: FastifyInstance, simulator: Simulator): void {
  const { settings, clock, requests } = simulator;
  app.get('/settings', () => settings);
  app.put('/settings', (request) =>
    Object.assign(settings, controlInput(settingsChangeSchema, request.body)),
  );
  app.post('/reset', (request) => {
    const { keep_merchants, keep_settings } = controlInput(resetSchema, request.body);
    resetSimulator(simulator, { keepMerchants: keep_merchants, keepSettings: keep_settings });
    return { message: 'reset' };
  });
  app.get('/clock', () => clock.state());
  app.post('/clock', (request) => {
    const change = controlInput(clockSchema, request.body);
    if (change.stop === true) clock.stop();
    if (change.speed !== undefined) clock.setSpeed(change.speed);
    if (change.advance_seconds !== undefined) clock.advance(change.advance_seconds);
    if (change.start === true) clock.start();
    return clock.state();
  });
  app.get('/requests', (request) => {
    const { limit } = controlInput(requestsSchema, request.query);
    return { total: requests.total, by_route: requests.byRoute(), requests: requests.newest(limit) };
  });
  app.delete('/requests', () => {
    requests.clear();
    return { total: 0 };
  });
  registerFaultControl(app, simulator);
  registerOrderControl(app, simulator);
  registerMerchantControl(app, simulator);
  registerWebhookControl(app, simulator);
}
