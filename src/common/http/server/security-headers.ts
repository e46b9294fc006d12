import type { FastifyInstance } from 'fastify';

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The headers of every answer. Names in lower case, as Fastify keeps them. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // No Cross-Origin-Opener-Policy: Appmax may open the last page of an installation in a popup window and wait for it.
};

/** HSTS without subdomains: they may belong to other services. */
const HTTPS_ONLY: Readonly<Record<string, string>> = {
  'strict-transport-security': `max-age=${A_YEAR_SECONDS}`,
};

/**
 * Adds security headers to every answer, unless the route sets its own: a CSP that allows nothing, no caching, no MIME
 * sniffing. Pages have their own CSP.
 *
 * @param publicUrl the service's public URL; HSTS is sent only if it is `https:`.
 */
export function secureAnswers(fastify: FastifyInstance, publicUrl: string): void {
  const headers = publicUrl.startsWith('https:') ? { ...HEADERS, ...HTTPS_ONLY } : HEADERS;
  fastify.addHook('onRequest', (_, reply, done) => {
    void reply.headers(headers);
    done();
  });
}
