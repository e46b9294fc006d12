import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type TokenHolder } from '../merchants/access-tokens';
import { sameSecret } from '../merchants/merchant-credentials';
import { type Simulator } from '../simulator';
import { enforce } from './route';

const tokenRequestSchema = z.object({
  grant_type: z.string(),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
});

/** Returns the owner of credentials, or null if they are wrong. */
function identify(simulator: Simulator, clientId: string, clientSecret: string): TokenHolder | null {
  const { SIMULATOR_CLIENT_ID, SIMULATOR_CLIENT_SECRET } = simulator.environment;
  if (clientId === SIMULATOR_CLIENT_ID) {
    return sameSecret(clientSecret, SIMULATOR_CLIENT_SECRET) ? { clientId, merchant: null } : null;
  }
  const merchant = simulator.merchants.identify({ clientId, clientSecret });
  return merchant === null ? null : { clientId, merchant };
}

/** Registers `POST /oauth2/token`, which returns a bearer token for client credentials sent as a form. */
export function registerTokenRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.post('/oauth2/token', async (request, reply) => {
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    const form = tokenRequestSchema.safeParse(request.body);
    if (!isForm || !form.success) {
      return reply.code(400).send({
        error: 'invalid_request',
        error_description: 'grant_type, client_id and client_secret are required, as a form.',
      });
    }
    if (form.data.grant_type !== 'client_credentials') {
      return reply.code(400).send({
        error: 'unsupported_grant_type',
        error_description: 'The grant type must be client_credentials.',
      });
    }
    const holder = identify(simulator, form.data.client_id, form.data.client_secret);
    if (holder === null) {
      return reply
        .code(401)
        .send({ error: 'invalid_client', error_description: 'Client authentication failed.' });
    }
    if (holder.merchant !== null) enforce(simulator, simulator.limits.ofClient(holder.clientId), reply);
    const lifetime = simulator.settings.token_expires_in;
    return reply.send({
      access_token: simulator.tokens.issue(holder, lifetime),
      token_type: 'Bearer',
      expires_in: lifetime,
    });
  });
}
