import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { MetricsController } from './metrics.controller';
import { ProcessMetrics } from './process-metrics';
import { RequestDurations } from './request-durations';

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
