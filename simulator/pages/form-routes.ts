import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply } from 'fastify';
import { controlInput } from '../control/control-error';
import { actOnOrder } from '../control/order-routes';
import { namedWebhook } from '../control/webhook-routes';
import { faultSchema } from '../faults/fault';
import { settingsFromForm } from '../settings/setting-choices';
import { generations, settingsChangeSchema } from '../settings/settings';
import { resetSimulator, type Simulator } from '../simulator';
import { webhookRuleSchema } from '../webhooks/webhook-rules';
import { layout } from './html/layout';
import { merchantsPage } from './merchants/merchants-page';
import { sendPage } from './orders/send-page';
import { refererPath } from './referer-path';

/** The longest time that a page waits for the responses to webhooks. */
const WEBHOOK_WAIT_MILLISECONDS = 500;

type Form = Readonly<Record<string, string>>;

const numeric = new Set(['status', 'times', 'probability', 'seconds', 'expires_in', 'copies', 'size']);

/** Returns true if a field's value is a number; `answer` can be a number or text. */
function isNumeric(key: string, value: string): boolean {
  return numeric.has(key) || (key === 'answer' && /^\d+$/.test(value));
}

/** Returns the fields of a form that are filled in. */
function filled(form: unknown): [string, string][] {
  return Object.entries((form ?? {}) as Form).filter(([, value]) => value !== '');
}

/** Converts a form's fields to those of a control call: numbers to numbers, without empty fields. */
function typed(form: unknown): Record<string, unknown> {
  const entries = filled(form).map(
    ([key, value]) => [key, isNumeric(key, value) ? Number(value) : value] as const,
  );
  return Object.fromEntries(entries);
}

function parameter(request: { params: unknown }, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

/** Redirects the browser, so that reloading the page does not repeat the action. */
function back(reply: FastifyReply, path: string, notice = ''): FastifyReply {
  return reply.redirect(notice === '' ? path : `${path}?notice=${encodeURIComponent(notice)}`, 303);
}

function registerClockForms(app: FastifyInstance, { clock }: Simulator): void {
  app.post('/clock/stop', (request, reply) => {
    clock.stop();
    return back(reply, refererPath(request), 'The clock is stopped.');
  });
  app.post('/clock/start', (request, reply) => {
    clock.start();
    return back(reply, refererPath(request), 'The clock runs.');
  });
  app.post('/clock/advance/:seconds', (request, reply) => {
    const seconds = Number(parameter(request, 'seconds'));
    if (Number.isFinite(seconds) && seconds > 0) clock.advance(seconds);
    return back(reply, refererPath(request), 'The clock was moved forward.');
  });
  app.post('/clock/speed/:speed', (request, reply) => {
    const speed = Number(parameter(request, 'speed'));
    if (Number.isFinite(speed) && speed > 0) clock.setSpeed(speed);
    return back(reply, refererPath(request), `The clock runs at ${clock.state().speed} times real time.`);
  });
}

function registerFaultForms(app: FastifyInstance, { faults, lateEffects, dispatcher }: Simulator): void {
  app.post('/faults', (request, reply) => {
    const form = typed(request.body);
    faults.add(controlInput(faultSchema, { ...form, times: form['times'] ?? null }));
    return back(reply, '/faults');
  });
  app.post('/faults/clear', (_request, reply) => {
    faults.clear();
    return back(reply, '/faults');
  });
  app.post('/faults/:id/remove', (request, reply) => {
    faults.remove(Number(parameter(request, 'id')));
    return back(reply, '/faults');
  });
  app.post('/late-effects', async (_request, reply) => {
    const ran = await lateEffects.runAll();
    return back(reply, '/faults', `Late effects run: ${ran}.`);
  });
  app.post('/webhook-rules', (request, reply) => {
    dispatcher.rules.add(controlInput(webhookRuleSchema, typed(request.body)));
    return back(reply, '/faults');
  });
  app.post('/webhook-rules/clear', (_request, reply) => {
    dispatcher.rules.clear();
    return back(reply, '/faults');
  });
  app.post('/webhook-rules/release', async (_request, reply) => {
    const released = await dispatcher.release('as_made');
    return back(reply, '/faults', `Released webhooks: ${released}.`);
  });
  app.post('/webhook-rules/:id/remove', (request, reply) => {
    dispatcher.rules.remove(Number(parameter(request, 'id')));
    return back(reply, '/faults');
  });
}

function registerMerchantForms(app: FastifyInstance, simulator: Simulator): void {
  const { merchants, tokens, clock } = simulator;
  app.post('/merchants', (request, reply) => {
    const externalKey = ((request.body ?? {}) as Form)['external_key']?.trim() ?? '';
    if (externalKey === '' || externalKey.length > 255)
      return back(reply, '/merchants', 'An external_key of 1 to 255 characters is required.');
    const credentials = merchants.install(merchants.obtain({ externalKey }));
    const content = merchantsPage(merchants.all(), credentials);
    return sendPage(reply, layout({ title: 'Merchants', section: '/merchants', content }, clock.state()));
  });
  app.post('/merchants/:key', (request, reply) => {
    const merchant = merchants.find(parameter(request, 'key'));
    const chosen = ((request.body ?? {}) as Form)['api'];
    if (merchant !== undefined)
      merchant.api = generations.find((generation) => generation === chosen) ?? null;
    return back(reply, '/merchants');
  });
  app.post('/merchants/:key/uninstall', (request, reply) => {
    const merchant = merchants.find(parameter(request, 'key'));
    if (merchant !== undefined) {
      merchants.uninstall(merchant);
      tokens.revokeAll(merchant);
    }
    return back(reply, '/merchants');
  });
}

/** Registers the routes of the pages' buttons and forms. */
export function registerForms(app: FastifyInstance, simulator: Simulator): void {
  registerClockForms(app, simulator);
  registerFaultForms(app, simulator);
  registerMerchantForms(app, simulator);
  app.post('/orders/:id/:action', async (request, reply) => {
    const order = actOnOrder(simulator, request.params, Object.fromEntries(filled(request.body)));
    // Waits, so that the page shows the service's response unless the service is slow.
    await Promise.race([
      simulator.sender.idle(),
      sleep(WEBHOOK_WAIT_MILLISECONDS, undefined, { ref: false }),
    ]);
    return back(
      reply,
      `/orders/${order.id}`,
      `Done: ${parameter(request, 'action')}. The order's status is ${order.status}.`,
    );
  });
  app.post('/webhooks/:id/resend', async (request, reply) => {
    const delivery = await simulator.dispatcher.resend(namedWebhook(simulator, request.params));
    return back(reply, `/webhooks/${delivery.id}`);
  });
  app.post('/settings', (request, reply) => {
    const changes = settingsFromForm((request.body ?? {}) as Form);
    Object.assign(simulator.settings, controlInput(settingsChangeSchema, changes));
    return back(reply, '/settings', 'Saved.');
  });
  app.post('/reset', (_request, reply) => {
    resetSimulator(simulator, { keepMerchants: true, keepSettings: true });
    return back(reply, '/', 'All data was deleted. Merchants and settings were kept.');
  });
}
