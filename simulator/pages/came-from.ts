import { type FastifyRequest } from 'fastify';

/** The path of the page of ours that the browser was on; else the first page's. */
export function cameFrom({ headers }: FastifyRequest): string {
  const { referer, host } = headers;
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const from = new URL(referer);
  return from.host === host ? from.pathname.replace(/^\/+/, '/') : '/';
}
