import { randomInt, randomUUID } from 'node:crypto';
import { codeOf } from '../../src/common/errors/api-error';
import type { Answer } from '../support/http';
import type { TestService } from '../support/service';
import { consent } from '../support/shop';
import { aNumber, type Row } from './row';
import { callShop, cardPayment, CPF, CUSTOMER, ORDER, SECRET, typedCard, type World } from './world';

type Fault = Parameters<World['control']['addFault']>[0];

/** A call that needs Appmax: Appmax's route that fails, the client's message if Appmax sends none, and the call. */
interface Operation {
  readonly title: string;
  readonly route: string;
  readonly message: string;
  readonly prepare?: (world: World) => Promise<Record<string, unknown>>;
  readonly call: (service: TestService, world: World, prepared: Record<string, unknown>) => Promise<Answer>;
}

const order = { customer: CUSTOMER, order: ORDER };

const OPERATIONS: readonly Operation[] = [
  {
    title: 'install/start',
    route: 'POST /app/authorize',
    message: 'failed to initiate installation',
    call: (service, { simulator }) =>
      service.send('GET', `/install/start?app_id=${simulator.appIdUuid}&external_key=shop-${randomUUID()}`),
  },
  {
    title: 'the merchant token',
    route: 'POST /oauth2/token',
    message: 'failed to fetch merchant token',
    // The token of a merchant that has just installed the app is not cached.
    prepare: async ({ service, simulator }) => {
      const key = `shop-${randomUUID()}`;
      await service.send('GET', await consent(service, simulator, key));
      return { key };
    },
    call: (service, _, { key }) =>
      service.send('GET', `/installations/${String(key)}/merchant/token`, SECRET),
  },
  {
    title: 'order, at its customer',
    route: 'POST /v1/customers',
    message: 'order creation failed',
    call: (service, { key }) => callShop(service, key, 'order', order),
  },
  {
    title: 'order',
    route: 'POST /v1/orders',
    message: 'order creation failed',
    call: (service, { key }) => callShop(service, key, 'order', order),
  },
  {
    title: 'installments',
    route: 'POST /v1/payments/installments',
    message: 'failed to fetch installments',
    // Answers for a total are cached: each call has a total of its own.
    call: (service, { key }) =>
      callShop(service, key, `installments?total_value=${10_000 + randomInt(1_000_000)}`),
  },
  {
    title: 'tokenize',
    route: 'POST /v1/payments/tokenize',
    message: 'tokenization failed',
    call: (service, { key }) => callShop(service, key, 'tokenize', typedCard()),
  },
  {
    title: 'refund',
    route: 'POST /v1/orders/refund-request',
    message: 'refund request failed',
    prepare: async (world) => ({ order_id: await world.paidOrderId() }),
    call: (service, { key }, { order_id }) =>
      callShop(service, key, 'refund', { order_id, type: 'total' }, SECRET),
  },
  {
    title: 'tracking',
    route: 'POST /v1/orders/shipping-tracking-code',
    message: 'tracking update failed',
    prepare: async (world) => ({ order_id: await world.paidOrderId() }),
    call: (service, { key }, { order_id }) =>
      callShop(service, key, 'tracking', { order_id, shipping_tracking_code: 'BR1' }, SECRET),
  },
  {
    title: 'upsell',
    route: 'POST /v1/orders/upsell',
    message: 'upsell failed',
    prepare: async (world) => ({ upsell_hash: (await world.paidOrder()).body['upsell_hash'] }),
    call: (service, { key }, { upsell_hash }) =>
      callShop(service, key, 'upsell', { upsell_hash, products_value: 100, products: ORDER.products }),
  },
];

const PIX: Operation = {
  title: 'pay/pix',
  route: 'POST /v1/payments/pix',
  message: 'payment processing failed',
  prepare: async (world) => ({ order_id: await world.newOrder() }),
  call: (service, { key }, { order_id }) =>
    callShop(service, key, 'pay/pix', { order_id, document_number: CPF }),
};

/**
 * Makes a call while Appmax fails in one way, on a service whose circuit is closed.
 *
 * @param environment variables of a new service for this call alone.
 */
function during(
  operation: Operation,
  fault: Omit<Fault, 'route'>,
  environment?: Record<string, string>,
): Row['ask'] {
  return async (world) => {
    const prepared = (await operation.prepare?.(world)) ?? {};
    const call = async (service: TestService): Promise<Answer> => {
      const { id } = await world.control.addFault({ route: operation.route, times: null, ...fault });
      try {
        return await operation.call(service, world, prepared);
      } finally {
        await world.control.removeFault(id);
      }
    };
    return environment === undefined ? world.withClosedCircuits(call) : world.withService(environment, call);
  };
}

const find = (title: string): Operation => OPERATIONS.find((operation) => operation.title === title)!;
/** The body of an error. @param of the message from which the error's code is derived, if Appmax gave the text. */
const says = (message: string, of = message): { message: string; code: string } => ({
  message,
  code: codeOf(of),
});

/** The client's response for each failure of Appmax, on a call that writes and on one that only reads. */
const STATUSES: readonly Row[] = ['order', 'installments'].map(find).flatMap((operation): Row[] => [
  ...[400, 404, 409, 422].map((status): Row => ({
    title: `a ${status} from Appmax to ${operation.title}`,
    ask: during(operation, { kind: 'status', status, message: 'Dados inválidos' }),
    status,
    body: says('Dados inválidos', operation.message),
  })),
  {
    title: `a 402 from Appmax to ${operation.title}`,
    ask: during(operation, { kind: 'status', status: 402 }),
    status: 422,
    body: says('payment declined'),
  },
  {
    title: `a 429 from Appmax to ${operation.title}`,
    // Alone: the service then makes no calls for this shop for 31 s.
    ask: during(operation, { kind: 'status', status: 429, headers: { 'Retry-After': '31' } }, {}),
    status: 503,
    headers: { 'retry-after': '31' },
  },
  ...[401, 403, 500, 503].map((status): Row => ({
    title: `a ${status} from Appmax to ${operation.title}`,
    ask: during(operation, { kind: 'status', status, message: 'Falha' }),
    status: 502,
    body: says('Falha', operation.message),
  })),
  {
    title: `no answer from Appmax to ${operation.title}`,
    ask: during(operation, { kind: 'hang' }, { APPMAX_TIMEOUT: '1' }),
    status: 502,
    body: says(operation.message),
  },
  ...(['truncate', 'reset', 'empty_data', 'html'] as const).map((kind): Row => ({
    title: `a broken answer (${kind}) from Appmax to ${operation.title}`,
    ask: during(operation, { kind }),
    status: 502,
    body: says(operation.message),
  })),
  {
    title: `a 200 with "success": false from Appmax to ${operation.title}`,
    ask: during(operation, { kind: 'success_false', message: 'Pedido recusado' }),
    status: 400,
    body: says('Pedido recusado', operation.message),
  },
]);

/** The client's message if Appmax fails without a message, and with one. */
const MESSAGES: readonly Row[] = OPERATIONS.flatMap((operation): Row[] => [
  {
    title: `502: ${operation.title}, without a message from Appmax`,
    ask: during(operation, { kind: 'status', status: 403, body: {} }),
    status: 502,
    body: says(operation.message),
  },
  {
    title: `502: ${operation.title}, with a message from Appmax`,
    ask: during(operation, { kind: 'status', status: 403, message: 'Erro interno da Appmax' }),
    status: 502,
    body: says('Erro interno da Appmax', operation.message),
  },
]);

const PAYMENTS: readonly Row[] = [
  {
    title: '502: a payment that Appmax forbids',
    ask: during(PIX, { kind: 'status', status: 403, body: {} }),
    status: 502,
    body: says('payment processing failed'),
  },
  ...(['html', 'reset', 'truncate', 'empty_data'] as const).map((kind): Row => ({
    title: `502: a payment with an unknown outcome (${kind})`,
    ask: during(PIX, { kind, when: 'after' }),
    status: 502,
    body: {
      message: 'payment outcome unknown',
      code: 'payment_outcome_unknown',
      order_id: aNumber,
      status: 'pendente',
    },
  })),
  ...(['402', 'empty_reference'] as const).map((decline_form): Row => ({
    title: `422: a card that is declined (${decline_form})`,
    ask: async (world) => {
      await world.control.change({ decline_form });
      const payment = cardPayment('4000000000000002');
      const answer = await world.shop('pay/credit-card', { ...order, payment });
      await world.control.change({ decline_form: null });
      return answer;
    },
    status: 422,
    body: {
      ...says('payment declined'),
      order_id: expect.any(Number) as number,
      status: expect.any(String) as string,
      order_token: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    },
  })),
];

/** The responses 503, which name the variable that is missing. */
const NOT_CONFIGURED: readonly Row[] = [
  ...(
    [
      ['APPMAX_APP_ID_UUID', 'GET', '/install/start?app_id=x&external_key=y'],
      ['APPMAX_APP_ID_NUMERIC', 'POST', '/integrations/appmax/callback/install'],
    ] as const
  ).map(([variable, method, path]): Row => ({
    title: `503: ${variable} is not set`,
    ask: (world) =>
      world.withService({ [variable]: '' }, (service) =>
        service.send(method, path, method === 'POST' ? { body: { app_id: '1' } } : {}),
      ),
    status: 503,
    body: { message: expect.stringContaining(variable) as string, code: 'appmax_not_configured' },
  })),
  ...['APPMAX_CLIENT_ID', 'APPMAX_CLIENT_SECRET'].map((variable): Row => ({
    title: `503: ${variable} is not set`,
    ask: (world) =>
      world.withService({ [variable]: '' }, (service) => find('install/start').call(service, world, {})),
    status: 503,
    body: { message: expect.stringContaining(variable) as string, code: 'appmax_not_configured' },
  })),
];

export const APPMAX: readonly Row[] = [...STATUSES, ...MESSAGES, ...PAYMENTS, ...NOT_CONFIGURED];
