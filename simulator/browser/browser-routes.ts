import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { callOf } from '../appmax/call-context';
import { generationOf } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { type Merchant } from '../merchants/merchant';
import { readCard, tokenizeSchema } from '../payments/card';
import { type Simulator } from '../simulator';
import { browserScript } from './script';

/** The path of the call that tokenizes a card, for merchants and for browsers. */
export const TOKENIZE_PATH = '/v1/payments/tokenize';

/** The calls that pages of any origin may make. */
const BROWSER_PATHS: ReadonlySet<string> = new Set([TOKENIZE_PATH, '/ip']);

/**
 * Allows pages of any origin to read the answers of the browser's calls, faults included. Register it before the hooks
 * that apply faults.
 */
export function registerBrowserAccess(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (BROWSER_PATHS.has(request.routeOptions.url ?? '')) reply.header('access-control-allow-origin', '*');
    done();
  });
}

/** Registers the browser script, and what it calls besides the tokenize call. */
export function registerBrowserRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.get('/appmax.min.js', (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' })
      .send(browserScript(simulator.settings)),
  );
  app.get('/ip', (request, reply) => reply.send({ ip: request.ip }));
  for (const path of BROWSER_PATHS) {
    app.options(path, (_request, reply) =>
      reply
        .code(204)
        .headers({
          'access-control-allow-methods': 'GET, POST, OPTIONS',
          'access-control-allow-headers': 'content-type, external-id',
          'access-control-max-age': '600',
        })
        .send(),
    );
  }
}

/**
 * Answers the tokenize call of a browser, which has the header `external-id` instead of a token. Its errors have their
 * own forms.
 */
export function tokenizeForBrowser(
  simulator: Simulator,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const externalId = request.headers['external-id'];
  if (typeof externalId !== 'string' || externalId === '')
    return reply.code(400).send({ message: 'Missing required request parameters: [external-id]' });
  const merchant = simulator.merchants.ofExternalId(externalId);
  const mayBeUnknown = simulator.settings.unknown_external_ids === 'accept';
  if (merchant === undefined && !mayBeUnknown) return reply.code(404).send({ message: 'Merchant not found' });
  if (merchant !== undefined && !isInstalled(merchant))
    return reply.code(404).send({ message: 'Client id not found' });
  const call = callOf(request);
  const generation = generationOf(simulator, merchant ?? null);
  if (call !== undefined) {
    call.generation = generation;
    call.entry.external_key = merchant?.externalKey ?? null;
  }
  const { payment_data } = validBody(tokenizeSchema, request.body);
  const card = readCard(payment_data.credit_card.number, generation);
  return reply.code(201).send({ data: { token: simulator.cardTokens.issue(merchant ?? null, card) } });
}

function isInstalled({ clientIds }: Merchant): boolean {
  return clientIds.size > 0;
}
