import { type FastifyRequest } from 'fastify';

/** Returns the path of the request's `Referer` if it is a page of the simulator, else `/`. */
export function refererPath({ headers }: FastifyRequest): string {
  const { referer, host } = headers;
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const from = new URL(referer);
  return from.host === host ? from.pathname.replace(/^\/+/, '/') : '/';
}
