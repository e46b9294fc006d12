import type { FastifyInstance } from 'fastify';
import type { FastifyServerOptions } from 'fastify';

/** Twice what browsers and proxies send at most. */
const HEADER_BYTES = 16 * 1024;
/** The time for the headers, where that for the whole request is longer. */
const HEADERS_SECONDS = 10;
/** Longer than proxies keep connections, so that it is they who close them. */
const KEEP_ALIVE_SECONDS = 72;
/** A client that reuses its connection meets another instance now and then. */
const REQUESTS_PER_CONNECTION = 10_000;
const CHECK_MILLISECONDS = 1_000;

/** How long things may take, in seconds. */
export interface Durations {
  /** A request must have arrived whole. */
  readonly request: number;
  /** The longest answer: nothing is written while it is made. */
  readonly answer: number;
}

/**
 * What one connection may take of the server. Whoever sends slowly, or nothing, or doesn't read, is cut off: a
 * connection that costs its client nothing must not cost us one.
 */
export function connectionLimits({ request, answer }: Durations): FastifyServerOptions & {
  http: { headersTimeout: number; connectionsCheckingInterval: number; maxHeaderSize: number };
} {
  return {
    requestTimeout: request * 1000,
    connectionTimeout: Math.max(answer, KEEP_ALIVE_SECONDS + 1) * 1000,
    keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
    maxRequestsPerSocket: REQUESTS_PER_CONNECTION,
    http: {
      headersTimeout: Math.min(request, HEADERS_SECONDS) * 1000,
      // Node looks for connections that are too slow only so often.
      connectionsCheckingInterval: CHECK_MILLISECONDS,
      maxHeaderSize: HEADER_BYTES,
    },
  };
}

/**
 * Closes each connection with its last answer once the server takes no new ones: an idle connection that a client keeps
 * would hold the end of the process up until its keep-alive time is over.
 */
export function closeConnectionsWhenStopping(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (!fastify.server.listening) void reply.header('connection', 'close');
    done();
  });
}
