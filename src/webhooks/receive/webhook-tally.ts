import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type JunkKind, WebhookMetrics } from '../webhook-metrics';

const MINUTE_MILLISECONDS = 60_000;

/** Counts webhooks that are refused or unknown, and logs the counts once a minute. */
@Injectable()
export class WebhookTally implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Webhooks');
  private readonly counts = new Map<JunkKind, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly metrics: WebhookMetrics) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.report();
    }, MINUTE_MILLISECONDS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.report();
  }

  /** Counts one webhook. */
  add(kind: JunkKind): void {
    this.metrics.junk.inc({ kind });
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** Logs the counts since the last report, if there are any. */
  report(): void {
    if (this.counts.size === 0) return;
    this.logger.warn(
      { counts: Object.fromEntries(this.counts) },
      'Webhooks were refused or have unknown events',
    );
    this.counts.clear();
  }
}
