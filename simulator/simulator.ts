import { SimulatedClock } from './clock/simulated-clock';
import { CustomerStore } from './customers/customer-store';
import { type SimulatorEnvironment } from './environment';
import { FaultRegistry } from './faults/fault-registry';
import { LateEffects } from './faults/late-effects';
import { InstallationStore } from './installation/installation-store';
import { Ledger } from './ledger/ledger';
import { RateLimits } from './limits/rate-limits';
import { AccessTokens } from './merchants/access-tokens';
import { MerchantStore } from './merchants/merchant-store';
import { type OrderContext } from './orders/order-context';
import { OrderStore } from './orders/order-store';
import { CardTokens } from './payments/card-tokens';
import { RequestLog } from './requests/request-log';
import { initialSettings, type Settings } from './settings/settings';
import { WebhookDispatcher } from './webhooks/webhook-dispatcher';
import { WebhookPublisher } from './webhooks/webhook-publisher';
import { WebhookSender } from './webhooks/webhook-sender';
import { WebhookTransport } from './webhooks/webhook-transport';

/** The data and the parts of a simulator, without its HTTP server. */
export interface Simulator extends OrderContext {
  readonly environment: SimulatorEnvironment;
  /** The origin that it listens on; empty until it listens. */
  readonly listening: { origin: string };
  readonly customers: CustomerStore;
  readonly merchants: MerchantStore;
  readonly installations: InstallationStore;
  readonly tokens: AccessTokens;
  readonly cardTokens: CardTokens;
  readonly limits: RateLimits;
  readonly requests: RequestLog;
  readonly faults: FaultRegistry;
  readonly lateEffects: LateEffects;
  readonly dispatcher: WebhookDispatcher;
  readonly sender: WebhookSender;
  readonly transport: WebhookTransport;
}

/** Returns the origin at which a browser reaches the simulator. */
export function publicOrigin(simulator: Pick<Simulator, 'settings' | 'listening'>): string {
  return (simulator.settings.public_url ?? simulator.listening.origin).replace(/\/+$/, '');
}

function startSettings(environment: SimulatorEnvironment): Settings {
  return initialSettings({
    service_url: environment.SIMULATOR_SERVICE_URL,
    api: environment.SIMULATOR_API,
    webhook_url: environment.SIMULATOR_WEBHOOK_URL,
    unknown_external_ids: environment.SIMULATOR_UNKNOWN_EXTERNAL_IDS,
  });
}

/** Creates a simulator. It does not listen or send anything yet. */
export function createSimulator(environment: SimulatorEnvironment): Simulator {
  const settings = startSettings(environment);
  const listening = { origin: '' };
  const clock = new SimulatedClock();
  const now = (): number => clock.now();
  const transport = new WebhookTransport();
  const sender = new WebhookSender(clock, transport, () => settings.webhook_timeout_seconds);
  const dispatcher = new WebhookDispatcher(clock, sender);
  const boletoUrl = (paymentId: number): string =>
    `${publicOrigin({ settings, listening })}/boletos/${paymentId}.pdf`;
  return {
    environment,
    listening,
    settings,
    clock,
    transport,
    sender,
    dispatcher,
    publisher: new WebhookPublisher(
      { settings, appId: environment.SIMULATOR_APP_ID_UUID, boletoUrl },
      dispatcher,
    ),
    ledger: new Ledger(now),
    orders: new OrderStore(now),
    customers: new CustomerStore(),
    merchants: new MerchantStore(environment.SIMULATOR_CLIENT_SECRET, now),
    installations: new InstallationStore(),
    tokens: new AccessTokens(),
    cardTokens: new CardTokens(),
    limits: new RateLimits(settings),
    requests: new RequestLog(),
    faults: new FaultRegistry(),
    lateEffects: new LateEffects(),
  };
}

/** The data that a reset keeps. */
export interface ResetOptions {
  readonly keepMerchants: boolean;
  readonly keepSettings: boolean;
}

/** Resets a simulator to its state at start. Ids continue, so that no id is used twice. */
export function resetSimulator(simulator: Simulator, keep: ResetOptions): void {
  simulator.clock.reset();
  simulator.dispatcher.clear();
  simulator.ledger.clear();
  simulator.orders.clear();
  simulator.customers.clear();
  simulator.installations.clear();
  simulator.cardTokens.clear();
  simulator.limits.clear();
  simulator.requests.clear();
  simulator.faults.clear();
  simulator.lateEffects.clear();
  if (!keep.keepMerchants) {
    simulator.tokens.revokeAll();
    simulator.merchants.clear();
  }
  if (!keep.keepSettings) Object.assign(simulator.settings, startSettings(simulator.environment));
}

/** Stops all timers and aborts the webhooks in flight. */
export async function closeSimulator(simulator: Simulator): Promise<void> {
  simulator.clock.close();
  simulator.lateEffects.clear();
  simulator.sender.clear();
  await simulator.transport.close();
}
