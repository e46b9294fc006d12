import type { Environment } from './env.schema';

/** Traces, which are sent to an OTLP receiver by HTTP. */
export interface TracingConfig {
  /** The base address; spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  /** The headers of each export, such as the receiver's key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** The share of traces that is sent, 0 to 1. */
  readonly sampledShare: number;
}

/** Returns the settings of traces; undefined if no address of a receiver is set. */
export function tracingOf(env: Environment): TracingConfig | undefined {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    headers: env.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: env.OTEL_SERVICE_NAME,
    sampledShare: env.OTEL_TRACES_SAMPLER_ARG,
  };
}
