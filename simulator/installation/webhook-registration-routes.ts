import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, controlInput } from '../control/control-error';
import { webhookRegistrationPage } from '../pages/merchants/webhook-registration-page';
import { sendPage } from '../pages/orders/send-page';
import { contentModels } from '../settings/settings';
import { type Simulator } from '../simulator';
import { webhookUrl } from '../webhooks/webhook-publisher';

const formSchema = z.object({
  external_key: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  content_model: z.enum(contentModels),
});

/** Registers `{ADMIN}/v2/apphook`, where a merchant registers webhooks. They have no App Store envelope. */
export function registerWebhookRegistration(app: FastifyInstance, simulator: Simulator): void {
  const { merchants, settings } = simulator;
  const path = '/sandbox/v2/apphook';
  app.get(path, (request, reply) => {
    const saved = (request.query as { saved?: string }).saved !== undefined;
    return sendPage(reply, webhookRegistrationPage(merchants.all(), webhookUrl(settings, undefined), saved));
  });
  app.post(path, (request, reply) => {
    const { external_key, url, content_model } = controlInput(formSchema, request.body);
    const merchant = merchants.find(external_key);
    if (merchant === undefined) throw new ControlError(404, 'merchant not found');
    merchant.webhookUrl = url;
    merchant.contentModel = content_model;
    merchant.appStoreEnvelope = false;
    return reply.redirect(`${path}?saved=1`, 303);
  });
}
