import { z } from 'zod';
import { type ApiAnswer } from '../answers/answer';
import { ApiError } from '../appmax/api-error';
import { generationOf } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { type MerchantDetails } from '../merchants/merchant';
import { type Simulator } from '../simulator';
import { checkHealth } from './health-check';
import { type Installation } from './installation-store';

const AFTER_REDIRECT_MILLISECONDS = 500;

/** A host without scheme, port and path. */
const hostSchema = z.string().regex(/^([a-z0-9-]+\.)+[a-z0-9-]+$/i, 'The domain name is invalid.');

const authorizeSchema = z.object({
  app_id: z.uuid('The app id must be a UUID.'),
  external_key: z.string().min(1).max(255),
  url_callback: z.url({ protocol: /^https?$/ }),
  domain_name: hostSchema.optional(),
  domain_names: z.array(hostSchema).optional(),
});

const generateSchema = z.object({ token: z.string().min(1) });

/** Starts an installation (`POST /app/authorize`). */
export function authorize(simulator: Simulator, body: unknown): ApiAnswer {
  const { app_id, external_key, url_callback, domain_name, domain_names } = validBody(authorizeSchema, body);
  if (app_id.toLowerCase() !== simulator.environment.SIMULATOR_APP_ID_UUID.toLowerCase()) {
    throw new ApiError(422, 'validation', 'The selected app id is invalid.', {
      app_id: ['The selected app id is invalid.'],
    });
  }
  const installation = simulator.installations.start({
    externalKey: external_key,
    callbackUrl: url_callback,
    domainNames: domain_names ?? (domain_name === undefined ? [] : [domain_name]),
    expiresAt: simulator.clock.now() + simulator.settings.installation_expires_after_seconds * 1000,
  });
  const status = simulator.settings.api === 'g1' ? 200 : 201;
  return { status, body: { data: { token: installation.hash } } };
}

/**
 * Records a merchant's consent. G1 now calls the service's callback, in parallel with the browser's redirect by
 * default; G2 calls it when the service requests the credentials.
 * @param details the store's details as the merchant entered them
 */
export async function consent(
  simulator: Simulator,
  installation: Installation,
  details: Omit<MerchantDetails, 'externalKey'>,
): Promise<void> {
  const merchant = simulator.merchants.obtain({ externalKey: installation.externalKey, ...details });
  installation.merchant = merchant;
  merchant.domainNames = installation.domainNames;
  installation.state = 'authorized';
  if (generationOf(simulator, merchant) === 'g2') return;
  const credentials = simulator.merchants.install(merchant);
  installation.credentials = credentials;
  const { settings, transport, merchants, environment } = simulator;
  const check = async (): Promise<unknown> =>
    checkHealth({
      settings,
      transport,
      merchants,
      appId: environment.SIMULATOR_APP_ID_NUMERIC,
      generation: 'g1',
      merchant,
      credentials,
    });
  if (settings.health_check === 'before') await check();
  if (settings.health_check === 'beside') void check();
  if (settings.health_check === 'after') setTimeout(() => void check(), AFTER_REDIRECT_MILLISECONDS).unref();
}

/** Returns the merchant's credentials, once (`POST /app/client/generate`). */
export async function generate(simulator: Simulator, body: unknown): Promise<ApiAnswer> {
  const { token } = validBody(generateSchema, body);
  const installation = simulator.installations.find(token, simulator.clock.now());
  const merchant = installation?.merchant ?? null;
  if (installation?.state !== 'authorized' || merchant === null) {
    throw new ApiError(
      422,
      'refused',
      'The token is invalid, expired, used, or not authorized by the merchant.',
    );
  }
  const generation = generationOf(simulator, merchant);
  installation.state = 'generating';
  const credentials = installation.credentials ?? simulator.merchants.install(merchant);
  installation.credentials = credentials;
  if (generation === 'g2' && simulator.settings.health_check !== 'off') {
    const { settings, transport, merchants, environment } = simulator;
    const appId = environment.SIMULATOR_APP_ID_NUMERIC;
    const result = await checkHealth({
      settings,
      transport,
      merchants,
      appId,
      generation,
      merchant,
      credentials,
    });
    if (!result.passed) {
      installation.state = 'authorized';
      throw new ApiError(500, 'broken', `Health check failed: ${result.reason}.`);
    }
  }
  installation.state = 'used';
  const { clientId, clientSecret } = credentials;
  return {
    status: generation === 'g1' ? 200 : 201,
    body: { data: { client: { client_id: clientId, client_secret: clientSecret } } },
  };
}
