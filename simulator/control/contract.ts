import { type LoggedRequest } from '../requests/request-log';
import { type DeliveryState } from '../webhooks/webhook-delivery';

/** The types of the typed client; docs/simulator.md explains the fields. */
export { type ClockState } from '../clock/simulated-clock';
export { type Fault, type FaultKind } from '../faults/fault';
export { type LedgerEntry } from '../ledger/ledger';
export { type OrderAction } from '../orders/order-actions';
export { type LoggedRequest } from '../requests/request-log';
export { type ContentModel, type ErrorForm, type Generation, type Settings } from '../settings/settings';
export { type OrderEvent } from '../webhooks/event-names';
export { type WebhookDelivery } from '../webhooks/webhook-delivery';
export { type WebhookRule } from '../webhooks/webhook-rules';
export { type MerchantView, type OrderView, type PaymentView } from './views';

/** A merchant with the credentials of its newest installation. */
export interface InstalledMerchant {
  readonly external_key: string;
  readonly client_id: string;
  readonly client_secret: string;
}

/** The calls that the simulator received. */
export interface RequestSummary {
  readonly total: number;
  readonly by_route: Readonly<Record<string, number>>;
  readonly requests: readonly LoggedRequest[];
}

/** A filter of the webhook log. */
export interface WebhookFilter {
  readonly limit?: number;
  readonly order_id?: number;
  readonly event?: string;
  readonly state?: DeliveryState;
  readonly external_key?: string;
}
