import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';

/** Twice the maximum that browsers and proxies send. */
const HEADER_BYTES = 16 * 1024;
/** The time limit of the headers, unless the limit of the whole request is shorter. */
const HEADERS_SECONDS = 10;
/** Longer than the keep-alive time of usual proxies, so that the proxy closes idle connections first. */
const KEEP_ALIVE_SECONDS = 72;
/** A connection is closed after this number of requests, so that its client may connect to another instance. */
const REQUESTS_PER_CONNECTION = 10_000;
const CHECK_MILLISECONDS = 1_000;

/** The time limits of a request, in seconds. */
export interface Durations {
  /** The time until the whole request must have arrived. */
  readonly request: number;
  /** The longest time to produce an answer; nothing is written to the connection meanwhile. */
  readonly answer: number;
}

/**
 * Builds the limits of one connection. Clients that send slowly or not at all, or that do not read, are disconnected,
 * so that they cannot occupy connections.
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
      // The interval in which Node checks for connections that are too slow.
      connectionsCheckingInterval: CHECK_MILLISECONDS,
      maxHeaderSize: HEADER_BYTES,
    },
  };
}

/**
 * Closes connections while the server is stopping, which would otherwise delay the end of the process. Adds
 * `Connection: close` to every answer. One second after the stop has begun, closes the connections on which nothing has
 * come so far: Node takes them for busy, and then waits for the limit of an answer.
 */
export function closeConnectionsWhenStopping(fastify: FastifyInstance): void {
  const connections = new Set<Socket>();
  fastify.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (!fastify.server.listening) void reply.header('connection', 'close');
    done();
  });
  fastify.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, CHECK_MILLISECONDS).unref();
    done();
  });
}
