import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidBody } from '../errors/api-error';

/** The largest body that is read. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** Deeper than any body that means something; a stack, ours or PostgreSQL's, ends some thousand levels down. */
const MAXIMUM_DEPTH = 100;

/** A request whose body is kept as it came, beside what was made of it. */
export type RequestWithText = FastifyRequest & { bodyText?: string };

/**
 * Takes JSON bodies and no others, so that everything else is answered with 415. Keys that would reach into object
 * prototypes are left out of what is parsed.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('remove', 'remove');
  fastify.removeAllContentTypeParsers();
  fastify.decorateRequest('bodyText');
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request: RequestWithText, body, done) => {
      const text = String(body).replace(/^\uFEFF/, '');
      if (isNestedTooDeeply(text)) {
        done(
          invalidBody([{ field: '', message: `the body is nested more than ${MAXIMUM_DEPTH} levels deep` }]),
        );
        return;
      }
      request.bodyText = text;
      void parse(request, text, done);
    },
  );
}

/**
 * Counts brackets outside of strings, without a stack of its own. A string that never ends is taken to the end of the
 * text: looking for another at each of its escaped quotes would take time by the square of its length.
 */
function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.?)*"?|[[{\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAXIMUM_DEPTH) return true;
  }
  return false;
}
