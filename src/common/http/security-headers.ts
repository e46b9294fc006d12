import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Every answer's headers, unless a route sets its own: nothing that is answered is a page, is kept by a cache, or is
 * anything but what it says. Pages have a policy of their own.
 *
 * @param publicUrl where the service is reached; browsers are held to TLS only where that is so already.
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
      // Other names below ours are not ours to decide on.
      includeSubDomains: false,
    },
    // Appmax may open the page at the end of an installation in a window, and wait for it.
    crossOriginOpenerPolicy: false,
  };
}
