import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WebhookMetrics, type JunkKind } from '../webhook-metrics';

const MINUTE = 60_000;

/** Counts what comes to the webhooks' address that is no webhook of Appmax's, and tells of it once a minute, not each time. */
@Injectable()
export class WebhookTally implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Webhooks');
  private readonly counts = new Map<JunkKind, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly metrics: WebhookMetrics) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.report();
    }, MINUTE);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.report();
  }

  add(kind: JunkKind): void {
    this.metrics.junk.inc({ kind });
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** Writes what has come since the last time, if anything has. */
  report(): void {
    if (this.counts.size === 0) return;
    this.logger.warn(
      { counts: Object.fromEntries(this.counts) },
      'Came to the webhooks, and was none of Appmax',
    );
    this.counts.clear();
  }
}
