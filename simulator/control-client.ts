import { request } from 'undici';
import type { z } from 'zod';
import {
  type ClockState,
  type Fault,
  type InstalledMerchant,
  type LedgerEntry,
  type MerchantView,
  type OrderAction,
  type OrderEvent,
  type OrderView,
  type RequestSummary,
  type Settings,
  type WebhookDelivery,
  type WebhookFilter,
  type WebhookRule,
} from './control/contract';
import { type forgeSchema } from './control/forge';
import { type faultSchema } from './faults/fault';
import { type webhookRuleSchema } from './webhooks/webhook-rules';

export * from './control/contract';

/** Thrown when the simulator refuses a control call. */
export class SimulatorRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The properties of a new merchant; all are optional. */
export interface MerchantRequest {
  readonly external_key?: string;
  readonly external_id?: string;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly store_name?: string;
  readonly api?: Settings['api'] | null;
  readonly webhook_url?: string | null;
  readonly content_model?: Settings['content_model'] | null;
  readonly app_store_envelope?: boolean | null;
}

/** The options of an action on an order; `set-status` needs a `status`. */
export interface ActionRequest {
  readonly payment_id?: number;
  /** Cents. */
  readonly value?: number;
  /** set-status: the new status, any text. */
  readonly status?: string;
  /** set-status: the event of the webhook to send, in snake_case; by default none is sent. */
  readonly webhook?: OrderEvent;
}

function query(parameters: object): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(key, String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

/** A client of a running simulator's control API. Every method throws `SimulatorRefusal` if its call is refused. */
export class SimulatorControl {
  /** @param origin the simulator's address, `http://127.0.0.1:8090` */
  constructor(readonly origin: string) {}

  settings = (): Promise<Settings> => this.call('GET', '/settings');

  /** Changes the given settings and returns all settings. */
  change = (settings: Partial<Settings>): Promise<Settings> => this.call('PUT', '/settings', settings);

  /** Deletes all data. `keep` can keep merchants (with their credentials and tokens) and settings. */
  reset = (keep: { keep_merchants?: boolean; keep_settings?: boolean } = {}): Promise<unknown> =>
    this.call('POST', '/reset', keep);

  /** Lists orders, newest first. */
  orders = async (
    filter: { external_key?: string; status?: string; limit?: number } = {},
  ): Promise<OrderView[]> =>
    (await this.call<{ orders: OrderView[] }>('GET', `/orders${query(filter)}`)).orders;

  order = (id: number): Promise<OrderView> => this.call('GET', `/orders/${id}`);

  /** Performs an action on an order: pay a Pix, expire it, approve, refund, charge back, set a status. */
  act = (id: number, action: OrderAction, options: ActionRequest = {}): Promise<OrderView> =>
    this.call('POST', `/orders/${id}/${action}`, options);

  /** Lists charges and the money that was returned, oldest first. */
  ledger = async (orderId?: number): Promise<LedgerEntry[]> =>
    (await this.call<{ entries: LedgerEntry[] }>('GET', `/ledger${query({ order_id: orderId })}`)).entries;

  requests = (limit = 100): Promise<RequestSummary> => this.call('GET', `/requests${query({ limit })}`);

  clearRequests = (): Promise<unknown> => this.call('DELETE', '/requests');

  merchants = async (): Promise<MerchantView[]> =>
    (await this.call<{ merchants: MerchantView[] }>('GET', '/merchants')).merchants;

  /** Creates an installed merchant without the installation flow. */
  createMerchant = (merchant: MerchantRequest = {}): Promise<InstalledMerchant & MerchantView> =>
    this.call('POST', '/merchants', merchant);

  /** Runs Appmax's validator against the service's install callback. */
  validateCallback = (): Promise<{ passed: boolean; reason: string }> =>
    this.call('POST', '/validate-callback');

  changeMerchant = (
    externalKey: string,
    changes: Omit<MerchantRequest, 'external_key' | 'external_id' | 'client_id' | 'client_secret'>,
  ): Promise<MerchantView> => this.call('PUT', `/merchants/${encodeURIComponent(externalKey)}`, changes);

  /** Uninstalls the app: the merchant's credentials and tokens are refused from now on. */
  uninstall = (externalKey: string): Promise<MerchantView> =>
    this.call('DELETE', `/merchants/${encodeURIComponent(externalKey)}`);

  /** Revokes the tokens of one merchant, or all tokens. */
  revokeTokens = (externalKey?: string): Promise<{ revoked: number }> =>
    this.call('POST', '/tokens/revoke', externalKey === undefined ? {} : { external_key: externalKey });

  /** Lists the webhook log, newest first. */
  webhooks = async (filter: WebhookFilter = {}): Promise<WebhookDelivery[]> =>
    (await this.call<{ webhooks: WebhookDelivery[] }>('GET', `/webhooks${query(filter)}`)).webhooks;

  /** Sends a webhook again and waits for the response. */
  resend = (id: number): Promise<WebhookDelivery> => this.call('POST', `/webhooks/${id}/resend`);

  /** Sends a forged webhook and waits for the response. */
  forge = (webhook: z.input<typeof forgeSchema>): Promise<WebhookDelivery> =>
    this.call('POST', '/webhooks/forge', webhook);

  /** Adds a rule that duplicates, delays, drops, holds or reorders webhooks. */
  addWebhookRule = (rule: z.input<typeof webhookRuleSchema>): Promise<WebhookRule> =>
    this.call('POST', '/webhooks', rule);

  webhookRules = async (): Promise<WebhookRule[]> =>
    (await this.call<{ rules: WebhookRule[] }>('GET', '/webhooks/rules')).rules;

  clearWebhookRules = (): Promise<unknown> => this.call('DELETE', '/webhooks/rules');

  /** Sends the held webhooks one after the other and waits until all are answered. */
  releaseWebhooks = (order: 'as_made' | 'reverse' | 'shuffle' = 'as_made'): Promise<{ released: number }> =>
    this.call('POST', '/webhooks/release', { order });

  /** Waits until no webhook is queued or in flight (at most 10 seconds). */
  drainWebhooks = (): Promise<{ drained: boolean }> => this.call('POST', '/webhooks/drain');

  faults = async (): Promise<Fault[]> => (await this.call<{ faults: Fault[] }>('GET', '/faults')).faults;

  /** Adds a fault that makes calls of the simulated API fail; by default one call. */
  addFault = (fault: z.input<typeof faultSchema>): Promise<Fault> => this.call('POST', '/faults', fault);

  removeFault = (id: number): Promise<unknown> => this.call('DELETE', `/faults/${id}`);

  clearFaults = (): Promise<unknown> => this.call('DELETE', '/faults');

  /** Counts the effects of `late` faults that have not happened yet. */
  lateEffects = (): Promise<{ pending: number }> => this.call('GET', '/late-effects');

  /** Runs every pending late effect now and waits for them. */
  runLateEffects = (): Promise<{ ran: number }> => this.call('POST', '/late-effects');

  clock = (): Promise<ClockState> => this.call('GET', '/clock');

  stopClock = (): Promise<ClockState> => this.call('POST', '/clock', { stop: true });

  startClock = (speed?: number): Promise<ClockState> =>
    this.call('POST', '/clock', speed === undefined ? { start: true } : { start: true, speed });

  /** Moves the clock forward and runs everything that falls due. */
  advanceClock = (seconds: number): Promise<ClockState> =>
    this.call('POST', '/clock', { advance_seconds: seconds });

  protected async call<Answer>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<Answer> {
    const response = await request(`${this.origin}/_simulator${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    const answer: unknown = text === '' ? null : JSON.parse(text);
    if (response.statusCode < 400) return answer as Answer;
    const message =
      typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : text;
    throw new SimulatorRefusal(response.statusCode, message);
  }
}
