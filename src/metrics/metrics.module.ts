import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { MetricsController } from './metrics.controller';
import { ProcessMetrics } from './process-metrics';
import { RequestDurations } from './request-durations';

/**
 * What is counted, for Prometheus. Each module counts what happens in it, in the one {@link Registry} of its application:
 * docs/operations.md lists all there is.
 */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [{ provide: Registry, useFactory: () => new Registry() }, ProcessMetrics, RequestDurations],
  exports: [Registry],
})
export class MetricsModule {}
