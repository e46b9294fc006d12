import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Histogram, Registry } from 'prom-client';

/** Streams are not measured: they last as long as the client stays connected. */
const STREAM = 'text/event-stream';

/** Measures the duration of requests by route. The URL is not a label, because it contains merchants and orders. */
@Injectable()
export class RequestDurations {
  private readonly histogram: Histogram<'method' | 'route' | 'status'>;

  constructor(registry: Registry) {
    this.histogram = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Duration of requests, by method, route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers: [registry],
    });
  }

  /** Measures all requests of an application; must be called before it starts. */
  watch(app: NestFastifyApplication): void {
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    fastify.addHook('onResponse', (request, reply, done) => {
      if (!String(reply.getHeader('content-type')).startsWith(STREAM)) {
        const { url: route = 'none' } = request.routeOptions;
        const labels = { method: request.method, route, status: String(reply.statusCode) };
        this.histogram.observe(labels, reply.elapsedTime / 1000);
      }
      done();
    });
  }
}
