import { OperationsView } from './operations/operations-view';
import { OrderView } from './orders/order-view';
import { OrdersView } from './orders/orders-view';
import { OverviewView } from './overview/overview-view';
import { SessionView } from './sessions/session-view';
import { SessionsView } from './sessions/sessions-view';
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
];
