import { type FastifyReply } from 'fastify';
import { type Html } from '../html/html';

const basePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/**
 * Sends a page with a policy that allows no scripts, no inline styles, and forms only to the simulator.
 * @param formTarget another origin to which a form may be redirected
 */
export function sendPage(reply: FastifyReply, page: Html, status = 200, formTarget = ''): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${basePolicy}; form-action 'self' ${formTarget}`.trim(),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .send(page.text);
}
