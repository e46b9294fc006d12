import { request } from 'undici';
import type { z } from 'zod';
import { type faultSchema } from './faults/fault';
import { type forgeSchema } from './control/forge';
import {
  type ClockState,
  type Fault,
  type InstalledMerchant,
  type LedgerEntry,
  type MerchantView,
  type MischiefRule,
  type OrderAction,
  type OrderEvent,
  type OrderView,
  type RequestSummary,
  type Settings,
  type WebhookDelivery,
  type WebhookFilter,
} from './control/contract';
import { type mischiefSchema } from './webhooks/mischief';

export * from './control/contract';

/** A control call that the simulator refused. */
export class SimulatorRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a merchant made for a test may be told to be. */
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

/** What an action on an order may be told; `set-status` needs a `status`. */
export interface ActionRequest {
  readonly payment_id?: number;
  /** Cents. */
  readonly value?: number;
  /** Any text, known to Appmax or not. */
  readonly status?: string;
  /** set-status: the event of the webhook, in snake_case; none is sent if left out. */
  readonly webhook?: OrderEvent;
}

function query(parameters: object): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(key, String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

/** Steers a running simulator over its control API. Every method throws `SimulatorRefusal` when it is refused. */
export class SimulatorControl {
  /** @param origin where the simulator listens, `http://127.0.0.1:8090` */
  constructor(readonly origin: string) {}

  settings = (): Promise<Settings> => this.call('GET', '/settings');

  /** Changes the settings that are given, and returns all of them. */
  change = (settings: Partial<Settings>): Promise<Settings> => this.call('PUT', '/settings', settings);

  /** Forgets everything but, if asked so, merchants (with their credentials and tokens) and settings. */
  reset = (keep: { keep_merchants?: boolean; keep_settings?: boolean } = {}): Promise<unknown> =>
    this.call('POST', '/reset', keep);

  /** Newest first. */
  orders = async (
    filter: { external_key?: string; status?: string; limit?: number } = {},
  ): Promise<OrderView[]> =>
    (await this.call<{ orders: OrderView[] }>('GET', `/orders${query(filter)}`)).orders;

  order = (id: number): Promise<OrderView> => this.call('GET', `/orders/${id}`);

  /** Does something to an order: pay a Pix, expire it, approve, refund, charge back, set a status. */
  act = (id: number, action: OrderAction, options: ActionRequest = {}): Promise<OrderView> =>
    this.call('POST', `/orders/${id}/${action}`, options);

  /** Charges and what came back of them, oldest first. */
  ledger = async (orderId?: number): Promise<LedgerEntry[]> =>
    (await this.call<{ entries: LedgerEntry[] }>('GET', `/ledger${query({ order_id: orderId })}`)).entries;

  requests = (limit = 100): Promise<RequestSummary> => this.call('GET', `/requests${query({ limit })}`);

  clearRequests = (): Promise<unknown> => this.call('DELETE', '/requests');

  merchants = async (): Promise<MerchantView[]> =>
    (await this.call<{ merchants: MerchantView[] }>('GET', '/merchants')).merchants;

  /** An installed merchant, without an installation that went before. */
  createMerchant = (merchant: MerchantRequest = {}): Promise<InstalledMerchant & MerchantView> =>
    this.call('POST', '/merchants', merchant);

  changeMerchant = (
    externalKey: string,
    changes: Omit<MerchantRequest, 'external_key' | 'external_id' | 'client_id' | 'client_secret'>,
  ): Promise<MerchantView> => this.call('PUT', `/merchants/${encodeURIComponent(externalKey)}`, changes);

  /** Credentials and tokens of the merchant are refused from now on. */
  uninstall = (externalKey: string): Promise<MerchantView> =>
    this.call('DELETE', `/merchants/${encodeURIComponent(externalKey)}`);

  /** Revokes the tokens of one merchant, or of everyone. */
  revokeTokens = (externalKey?: string): Promise<{ revoked: number }> =>
    this.call('POST', '/tokens/revoke', externalKey === undefined ? {} : { external_key: externalKey });

  /** The webhook log, newest first. */
  webhooks = async (filter: WebhookFilter = {}): Promise<WebhookDelivery[]> =>
    (await this.call<{ webhooks: WebhookDelivery[] }>('GET', `/webhooks${query(filter)}`)).webhooks;

  /** Sends a webhook again and waits for the answer. */
  resend = (id: number): Promise<WebhookDelivery> => this.call('POST', `/webhooks/${id}/resend`);

  /** Sends a webhook that never happened and waits for the answer. */
  forge = (webhook: z.input<typeof forgeSchema>): Promise<WebhookDelivery> =>
    this.call('POST', '/webhooks/forge', webhook);

  /** Has webhooks duplicated, delayed, dropped, held or reordered from now on. */
  addWebhookRule = (rule: z.input<typeof mischiefSchema>): Promise<MischiefRule> =>
    this.call('POST', '/webhooks', rule);

  webhookRules = async (): Promise<MischiefRule[]> =>
    (await this.call<{ rules: MischiefRule[] }>('GET', '/webhooks/rules')).rules;

  clearWebhookRules = (): Promise<unknown> => this.call('DELETE', '/webhooks/rules');

  /** Lets go of held webhooks, one after the other, and waits until all are answered. */
  releaseWebhooks = (order: 'as_made' | 'reverse' | 'shuffle' = 'as_made'): Promise<{ released: number }> =>
    this.call('POST', '/webhooks/release', { order });

  /** Waits until no webhook is under way (at most 10 seconds). */
  drainWebhooks = (): Promise<{ drained: boolean }> => this.call('POST', '/webhooks/drain');

  faults = async (): Promise<Fault[]> => (await this.call<{ faults: Fault[] }>('GET', '/faults')).faults;

  /** Has calls of the simulated API go wrong; once, unless told otherwise. */
  addFault = (fault: z.input<typeof faultSchema>): Promise<Fault> => this.call('POST', '/faults', fault);

  removeFault = (id: number): Promise<unknown> => this.call('DELETE', `/faults/${id}`);

  clearFaults = (): Promise<unknown> => this.call('DELETE', '/faults');

  /** Counts the effects of calls struck by `late` faults that have not happened yet. */
  lateEffects = (): Promise<{ pending: number }> => this.call('GET', '/late-effects');

  /** Has every pending late effect happen now, and waits for it. */
  runLateEffects = (): Promise<{ ran: number }> => this.call('POST', '/late-effects');

  clock = (): Promise<ClockState> => this.call('GET', '/clock');

  stopClock = (): Promise<ClockState> => this.call('POST', '/clock', { stop: true });

  startClock = (speed?: number): Promise<ClockState> =>
    this.call('POST', '/clock', speed === undefined ? { start: true } : { start: true, speed });

  /** Moves the clock forward, and has everything happen that falls due on the way. */
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
