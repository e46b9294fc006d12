import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { WorkPool } from '../../common/work-pool';
import { CONFIG, type Config } from '../../config';
import { DueWork, SchemaState } from '../../database';
import { EndpointSecrets } from '../endpoints/endpoint-secrets';
import { NotificationMetrics } from '../notification-metrics';
import {
  type AttemptResult,
  DeliveryQueue,
  EndpointLeases,
  HAS_DUE_DELIVERIES,
  type LeasedEndpoint,
} from './delivery-queue';
import { EndpointSession } from './endpoint-session';
import { NotificationSender } from './sender';

/** The endpoints to which an instance delivers at once. Each mostly waits for answers. */
const WORKERS = 256;

/** Delivers notifications in the background: one worker for each endpoint with due deliveries. */
@Injectable()
export class NotificationDeliverer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Notifications');
  private readonly pool: WorkPool<LeasedEndpoint>;
  private isStopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: DeliveryQueue,
    private readonly leases: EndpointLeases,
    private readonly sender: NotificationSender,
    private readonly secrets: EndpointSecrets,
    private readonly metrics: NotificationMetrics,
    private readonly schema: SchemaState,
    private readonly dueWork: DueWork,
  ) {
    this.pool = new WorkPool({
      name: 'Notifications',
      workers: WORKERS,
      take: () => this.queue.lease(),
      perform: (endpoint) => this.deliver(endpoint),
    });
  }

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      this.pool.start();
      this.dueWork.wakeIf(HAS_DUE_DELIVERIES, () => {
        this.pool.wake();
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    await this.pool.stop();
  }

  private async deliver(endpoint: LeasedEndpoint): Promise<void> {
    await this.leases.during(endpoint, async () => {
      const session = new EndpointSession(endpoint, {
        queue: this.queue,
        sender: this.sender,
        secrets: this.secrets,
        isStopping: () => this.isStopping,
        onAttempt: (result) => {
          this.count(endpoint.id, result);
        },
        onDisabled: (endpointId) => {
          this.metrics.disabled.inc();
          this.logger.error(
            { endpointId },
            'A notification endpoint is disabled: it has failed for three days',
          );
        },
      });
      await session.run();
    });
    await this.queue.release(endpoint);
  }

  private count(endpointId: number, { isDelivered, error }: AttemptResult): void {
    this.metrics.attempts.inc({ outcome: isDelivered ? 'delivered' : 'failed' });
    if (!isDelivered) this.logger.debug({ endpointId, reason: error }, 'A notification was not delivered');
  }
}
