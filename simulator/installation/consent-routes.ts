import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { consentPage, unknownInstallationPage } from '../pages/merchants/consent-page';
import { sendPage } from '../pages/orders/send-page';
import { generations } from '../settings/settings';
import { type Simulator } from '../simulator';
import { type Installation } from './installation-store';
import { consent } from './installing';

/** The form of the consent page. Every field is optional, so that a script can send an empty `POST`. */
const formSchema = z
  .object({
    email: z.email().optional(),
    store_name: z.string().min(1).max(60).optional(),
    api: z
      .enum([...generations, ''])
      .transform((api) => (api === '' ? undefined : api))
      .optional(),
  })
  .catch({});

function callbackWith(installation: Installation): string {
  const url = new URL(installation.callbackUrl);
  url.searchParams.set('token', installation.hash);
  return url.toString();
}

/** Registers the page of Appmax's admin panel on which a merchant consents to an installation. */
export function registerConsentRoutes(app: FastifyInstance, simulator: Simulator): void {
  const path = '/sandbox/appstore/integration/:hash';
  const openInstallation = (parameters: unknown): Installation | undefined => {
    const { hash } = parameters as { hash: string };
    const installation = simulator.installations.find(hash, simulator.clock.now());
    const isOpen = installation?.state === 'started' || installation?.state === 'authorized';
    return isOpen ? installation : undefined;
  };
  app.get(path, async (request, reply) => {
    const installation = openInstallation(request.params);
    if (installation === undefined) return sendPage(reply, unknownInstallationPage(), 404);
    return sendPage(reply, consentPage(installation), 200, new URL(installation.callbackUrl).origin);
  });
  app.post(path, async (request, reply) => {
    const installation = openInstallation(request.params);
    if (installation === undefined) return sendPage(reply, unknownInstallationPage(), 404);
    const form = formSchema.parse(request.body ?? {});
    await consent(simulator, installation, { email: form.email, storeName: form.store_name, api: form.api });
    return reply.redirect(callbackWith(installation), 302);
  });
}
