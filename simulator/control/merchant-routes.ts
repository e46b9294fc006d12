import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { randomHex } from '../common/identifiers';
import { validateCallback } from '../installation/health-check';
import { type Merchant } from '../merchants/merchant';
import { contentModels, generations } from '../settings/settings';
import { type Simulator } from '../simulator';
import { ControlError, controlInput } from './control-error';
import { merchantView } from './views';

const changes = {
  store_name: z.string().min(1).max(60).optional(),
  api: z.enum(generations).nullable().optional(),
  webhook_url: z.url().nullable().optional(),
  content_model: z.enum(contentModels).nullable().optional(),
  app_store_envelope: z.boolean().nullable().optional(),
};
const changeSchema = z.strictObject(changes);
const creationSchema = z
  .strictObject({
    external_key: z
      .string()
      .min(1)
      .max(255)
      .default(() => `loja-${randomHex(4)}`),
    external_id: z.uuid().optional(),
    client_id: z.string().min(1).optional(),
    client_secret: z.string().min(1).optional(),
    ...changes,
  })
  .refine((body) => (body.client_id === undefined) === (body.client_secret === undefined), {
    message: 'client_id and client_secret must be given together',
  });

function applyChanges(merchant: Merchant, body: z.output<typeof changeSchema>): void {
  merchant.storeName = body.store_name ?? merchant.storeName;
  if (body.api !== undefined) merchant.api = body.api;
  if (body.webhook_url !== undefined) merchant.webhookUrl = body.webhook_url;
  if (body.content_model !== undefined) merchant.contentModel = body.content_model;
  if (body.app_store_envelope !== undefined) merchant.appStoreEnvelope = body.app_store_envelope;
}

function namedMerchant(simulator: Simulator, parameters: unknown): Merchant {
  const merchant = simulator.merchants.find((parameters as { key: string }).key);
  if (merchant === undefined) throw new ControlError(404, 'merchant not found');
  return merchant;
}

/** Registers the control routes for merchants and their tokens. */
export function registerMerchantControl(app: FastifyInstance, simulator: Simulator): void {
  const { merchants, tokens } = simulator;
  app.get('/merchants', () => ({ merchants: merchants.all().map(merchantView) }));
  app.post('/merchants', (request, reply) => {
    const { external_key, external_id, client_id, client_secret, ...rest } = controlInput(
      creationSchema,
      request.body,
    );
    const merchant = merchants.obtain({ externalKey: external_key });
    applyChanges(merchant, rest);
    const chosen =
      client_id === undefined || client_secret === undefined
        ? undefined
        : { clientId: client_id, clientSecret: client_secret };
    const credentials = merchants.install(merchant, chosen);
    if (external_id !== undefined) merchants.nameForBrowser(merchant, external_id, credentials);
    return reply.code(201).send({
      ...merchantView(merchant),
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    });
  });
  app.post('/validate-callback', () => validateCallback(simulator));
  app.put('/merchants/:key', (request) => {
    const merchant = namedMerchant(simulator, request.params);
    applyChanges(merchant, controlInput(changeSchema, request.body));
    return merchantView(merchant);
  });
  // The merchant uninstalls the app: its credentials and tokens are refused from now on.
  app.delete('/merchants/:key', (request) => {
    const merchant = namedMerchant(simulator, request.params);
    merchants.uninstall(merchant);
    tokens.revokeAll(merchant);
    return merchantView(merchant);
  });
  app.post('/tokens/revoke', (request) => {
    const { external_key } = controlInput(
      z.strictObject({ external_key: z.string().optional() }),
      request.body,
    );
    const merchant = external_key === undefined ? undefined : namedMerchant(simulator, { key: external_key });
    return { revoked: tokens.revokeAll(merchant) };
  });
}
