import { Module } from '@nestjs/common';
import { NotificationDeliverer } from './delivery/deliverer';
import { DeliveryQueue, EndpointLeases } from './delivery/delivery-queue';
import { NotificationSender } from './delivery/sender';
import { EndpointSecrets } from './endpoints/endpoint-secrets';
import { Endpoints } from './endpoints/endpoints.service';
import { EnvironmentEndpoint } from './endpoints/environment-endpoint';
import { NotificationList } from './notification-list';
import { NotificationMetrics } from './notification-metrics';
import { NotificationRetention } from './notification-retention';

/** Sends notifications to the backends of shops. Triggers write them, in the transactions of the changes. */
@Module({
  providers: [
    Endpoints,
    EndpointSecrets,
    EnvironmentEndpoint,
    DeliveryQueue,
    EndpointLeases,
    NotificationDeliverer,
    NotificationSender,
    NotificationRetention,
    NotificationList,
    NotificationMetrics,
  ],
  exports: [Endpoints, EndpointSecrets, NotificationList],
})
export class NotificationsModule {}
