import { AuditView } from './audit/audit-view';
import { KeysView } from './keys/keys-view';
import { EndpointView } from './notifications/endpoint-view';
import { EndpointsView } from './notifications/endpoints-view';
import { NotificationView } from './notifications/notification-view';
import { NotificationsView } from './notifications/notifications-view';
import { OperationsView } from './operations/operations-view';
import { OrderView } from './orders/order-view';
import { OrdersView } from './orders/orders-view';
import { OverviewView } from './overview/overview-view';
import { SessionView } from './sessions/session-view';
import { SessionsView } from './sessions/sessions-view';
import { ShopView } from './shops/shop-view';
import { ShopsView } from './shops/shops-view';
import type { View } from './view';
import { WebhookView } from './webhooks/webhook-view';
import { WebhooksView } from './webhooks/webhooks-view';

/** All views, in the order of the navigation. */
export const VIEWS: readonly View[] = [
  { path: '/', component: OverviewView, scope: 'read', title: 'overview' },
  { path: '/orders', component: OrdersView, scope: 'read', title: 'orders' },
  { path: '/orders/:id', component: OrderView, scope: 'read', title: 'orders', parent: '/orders' },
  { path: '/operations', component: OperationsView, scope: 'read', title: 'operations' },
  { path: '/webhooks', component: WebhooksView, scope: 'read', title: 'webhooks' },
  { path: '/webhooks/:id', component: WebhookView, scope: 'read', title: 'webhooks', parent: '/webhooks' },
  { path: '/sessions', component: SessionsView, scope: 'read', title: 'sessions' },
  { path: '/sessions/:id', component: SessionView, scope: 'read', title: 'sessions', parent: '/sessions' },
  { path: '/shops', component: ShopsView, scope: 'read', title: 'shops' },
  { path: '/shops/:key', component: ShopView, scope: 'read', title: 'shops', parent: '/shops' },
  { path: '/notifications', component: NotificationsView, scope: 'read', title: 'notifications' },
  {
    path: '/notifications/:id',
    component: NotificationView,
    scope: 'read',
    title: 'notifications',
    parent: '/notifications',
  },
  {
    path: '/endpoints',
    component: EndpointsView,
    scope: 'read',
    title: 'endpoints',
    parent: '/notifications',
  },
  {
    path: '/endpoints/:id',
    component: EndpointView,
    scope: 'read',
    title: 'endpoints',
    parent: '/endpoints',
  },
  { path: '/keys', component: KeysView, scope: 'manage', title: 'keys' },
  { path: '/audit', component: AuditView, scope: 'manage', title: 'audit' },
];
