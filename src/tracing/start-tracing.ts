import { Logger } from '@nestjs/common';
import { context, diag, DiagLogLevel, trace } from '@opentelemetry/api';
import { setTracing } from '../common/tracing/spans';
import { VERSION } from '../common/version';
import { withTimeout } from '../common/with-timeout';
import type { TracingConfig } from '../config';

/** The time limit of one export, and of sending the last spans while the service stops. */
const EXPORT_MILLISECONDS = 5_000;

/** The pause between two log lines about spans that could not be sent. */
const WARNING_MILLISECONDS = 600_000;

/** Sends the last spans, and turns tracing off. */
export type StopTracing = () => Promise<void>;

/**
 * Turns tracing on: spans are sent to an OTLP receiver by HTTP, in the background. The SDK of OpenTelemetry is loaded only
 * here, so that a service without tracing loads none of it.
 *
 * A caller's `traceparent` gives the id of its trace, but not the decision if it is sampled: anyone can send one. All
 * instances sample the same share of trace ids, so that a trace is complete or missing.
 */
export async function startTracing(config: TracingConfig): Promise<StopTracing> {
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const share = new sdk.TraceIdRatioBasedSampler(config.sampledShare);
  const exporter = new OTLPTraceExporter({
    url: `${config.endpoint}/v1/traces`,
    headers: { ...config.headers },
    timeoutMillis: EXPORT_MILLISECONDS,
  });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': config.serviceName, 'service.version': VERSION }),
    sampler: new sdk.ParentBasedSampler({
      root: share,
      remoteParentSampled: share,
      remoteParentNotSampled: share,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { exportTimeoutMillis: EXPORT_MILLISECONDS })],
  });
  warnSeldom();
  // The service passes on `traceparent` itself, without the `tracestate` and `baggage` that callers send.
  provider.register({ propagator: null });
  setTracing(true);
  return async () => {
    setTracing(false);
    await withTimeout(provider.shutdown(), EXPORT_MILLISECONDS).catch(() => undefined);
    for (const api of [trace, context, diag]) api.disable();
  };
}

/** Logs that spans are lost, at most every 10 minutes. The SDK's own text is not logged: it may contain an answer. */
function warnSeldom(): void {
  const logger = new Logger('Tracing');
  let silentUntil = -Infinity;
  const warn = (): void => {
    if (performance.now() < silentUntil) return;
    silentUntil = performance.now() + WARNING_MILLISECONDS;
    logger.warn('Traces could not be sent to OTEL_EXPORTER_OTLP_ENDPOINT');
  };
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: warn, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}
