import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidBody } from '../../errors/api-error';

/** The size limit of a request body. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/**
 * Gives routes a size limit of their own, below that of all bodies.
 *
 * @param limits bytes by the path of a route.
 */
export function limitBodies(fastify: FastifyInstance, limits: Readonly<Record<string, number>>): void {
  fastify.addHook('onRoute', (route) => {
    const limit = limits[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
  });
}

/** Far more levels than a valid body has, and far fewer than overflow the stack of Node or PostgreSQL. */
const MAXIMUM_DEPTH = 100;

const OPENING_BRACKET = '['.charCodeAt(0);
const OPENING_BRACE = '{'.charCodeAt(0);

/** JSON, also as a vendor's type such as `application/vnd.api+json`. Fastify compares without case. */
const JSON_TYPES = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** A request with the text of its body, beside the parsed body. */
export type RequestWithText = FastifyRequest & { bodyText?: string };

/** Parses the text of a body. It passes an error of the body to `done`, or what the body has. */
export type BodyParser = (
  request: RequestWithText,
  text: string,
  done: (error: Error | null, body?: unknown) => void,
) => void;

/**
 * Returns the parser of {@link readJsonBodies}. It also sets the request's `bodyText`. Keys that could change object
 * prototypes (`__proto__`, `constructor`) are removed. An empty body counts as none; the routes that need one refuse it.
 */
export function jsonParserOf(fastify: FastifyInstance): BodyParser {
  const parse = fastify.getDefaultJsonParser('remove', 'remove');
  return (request, received, done) => {
    const text = received.replace(/^\uFEFF/, '');
    if (text.trim() === '') {
      done(null, undefined);
      return;
    }
    if (isNestedTooDeeply(text)) {
      done(
        invalidBody([{ field: '', message: `the body is nested more than ${MAXIMUM_DEPTH} levels deep` }]),
      );
      return;
    }
    request.bodyText = text;
    void parse(request, text, done);
  };
}

/** Accepts only JSON bodies; all others get 415. */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = jsonParserOf(fastify);
  fastify.removeAllContentTypeParsers();
  fastify.decorateRequest('bodyText');
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, (request, body, done) => {
    parse(request, String(body), done);
  });
}

/**
 * Counts brackets outside of strings, without recursion. An unterminated string matches up to the end of the text;
 * otherwise, each of its escaped quotes would start a new match, which takes quadratic time.
 */
function isNestedTooDeeply(text: string): boolean {
  if (!hasMoreBracketsThan(MAXIMUM_DEPTH, text)) return false;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.?)*"?|[[{\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAXIMUM_DEPTH) return true;
  }
  return false;
}

/** Nearly all bodies have fewer brackets than levels are allowed; then nothing must be counted exactly. */
function hasMoreBracketsThan(maximum: number, text: string): boolean {
  let brackets = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === OPENING_BRACKET || code === OPENING_BRACE) brackets += 1;
    if (brackets > maximum) return true;
  }
  return false;
}

/** Injects the parsed request body and its original text. */
export const ReceivedBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): { body: unknown; text: string } => {
    const { body, bodyText = '' } = context.switchToHttp().getRequest<RequestWithText>();
    return { body, text: bodyText };
  },
);
