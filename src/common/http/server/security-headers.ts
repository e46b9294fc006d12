import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Adds security headers to every answer, unless the route sets its own: a CSP that allows nothing, no caching, no MIME
 * sniffing. Pages have their own CSP.
 *
 * @param publicUrl the service's public URL; HSTS is sent only if it is `https:`.
 */
export async function secureAnswers(app: NestFastifyApplication, publicUrl: string): Promise<void> {
  await app.register(helmet, helmetOptions(publicUrl));
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (_, reply, done) => {
    void reply.header('Cache-Control', 'no-store');
    done();
  });
}

export function helmetOptions(publicUrl: string): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: publicUrl.startsWith('https:') && {
      maxAge: A_YEAR_SECONDS,
      // Subdomains may belong to other services.
      includeSubDomains: false,
    },
    // Appmax may open the last page of an installation in a popup window and wait for it.
    crossOriginOpenerPolicy: false,
  };
}
