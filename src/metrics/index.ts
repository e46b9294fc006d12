export { gaugeOf } from './gauge-of';
export { MetricsModule } from './metrics.module';
export { RequestDurations } from './request-durations';
