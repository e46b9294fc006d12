import { Global, Injectable, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { MetricsController } from './metrics.controller';
import { RequestDurations } from './request-durations';

/** Registers the metrics of the Node process: memory, CPU time, delay of the event loop. */
@Injectable()
class ProcessMetrics {
  constructor(registry: Registry) {
    collectDefaultMetrics({ register: registry });
  }
}

/**
 * Metrics for Prometheus. Each module registers its own metrics in the one {@link Registry} of the application.
 * docs/operations.md lists all of them.
 */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [{ provide: Registry, useFactory: () => new Registry() }, ProcessMetrics, RequestDurations],
  exports: [Registry],
})
export class MetricsModule {}
