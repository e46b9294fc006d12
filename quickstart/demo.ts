import { ApiError } from '../client/src';
import { Backend } from './backend';
import { readDemoSettings } from './demo-settings';
import { type Sale, Shop, UnexpectedAnswer } from './shop';

const WAIT_SECONDS = 20;
/** The changes of status of the three orders. */
const NOTIFICATIONS = 4;

interface Outcome extends Sale {
  readonly expected: string;
  readonly history: readonly string[];
}

/** Sells one order with each payment method through a running quickstart and checks the statuses that follow. */
async function demo(): Promise<number> {
  const settings = readDemoSettings();
  const running =
    settings !== undefined &&
    (await fetch(`${settings.serviceUrl}/health`).catch(() => undefined))?.ok === true;
  if (!running) {
    console.error('No quickstart is running. Start one in another terminal with: npm run quickstart');
    return 1;
  }
  const key = `demo-${Date.now().toString(36)}`;
  const shop = new Shop(settings, key);

  print('1', `The merchant "${key}" installs the app: start, page of consent, callback`);
  print(' ', `installed with external_id ${await shop.install()}`);

  const backend = new Backend(settings, key);
  await backend.start();
  print(' ', 'its backend is told of each change of an order by a signed notification');

  const outcomes = [
    await sell('2', shop, () => shop.payByCard(), 'aprovado', {
      action: 'refund',
      description: 'the merchant refunds',
      statusAfter: 'estornado',
    }),
    await sell('3', shop, () => shop.payByPix(), 'pendente', {
      action: 'pay',
      description: 'the shopper pays the Pix',
      statusAfter: 'aprovado',
    }),
    await sell('4', shop, () => shop.payByBoleto(), 'pendente', {
      action: 'pay',
      description: 'the shopper pays the boleto',
      statusAfter: 'aprovado',
    }),
  ];

  // Each order has changed its status: those by Pix and boleto once, that by card twice.
  await backend.waitFor(NOTIFICATIONS, WAIT_SECONDS);
  await backend.stop();

  console.log();
  console.table(
    outcomes.map(({ method, orderId, history, expected }) => ({
      method,
      order: orderId,
      'what happened': history.join(' → '),
      expected,
      right: history.at(-1) === expected ? 'yes' : 'NO',
    })),
  );
  const session = await shop.openSession();
  print('5', 'a checkout session, as the server of the shop opens it. Pay it in a browser:');
  print(' ', session.url);
  print('6', `the backend has received ${backend.received} notifications. See everything in the console:`);
  print(' ', `${settings.serviceUrl}/console (sign in with the secret key of the quickstart)`);
  console.log();
  const wrong = outcomes.filter(({ history, expected }) => history.at(-1) !== expected);
  console.log(
    wrong.length === 0
      ? 'Every order ended as expected.'
      : `${wrong.length} order(s) did not end as expected.`,
  );
  return wrong.length === 0 ? 0 : 1;
}

/** An action at Appmax after the payment. */
interface NextStep {
  readonly action: string;
  readonly description: string;
  readonly statusAfter: string;
}

async function sell(
  step: string,
  shop: Shop,
  pay: () => Promise<Sale>,
  statusAfterPayment: string,
  next: NextStep,
): Promise<Outcome> {
  const sale = await pay();
  print(step, `order ${sale.orderId} by ${sale.method}: ${sale.detail}`);
  const paid = await shop.statusAfter(sale, statusAfterPayment, WAIT_SECONDS);
  print(' ', `its status is ${paid}`);
  await shop.atAppmax(sale, next.action);
  print(' ', `${next.description}; Appmax sends its webhook`);
  const ended = await shop.statusAfter(sale, next.statusAfter, WAIT_SECONDS);
  print(' ', `its status is ${ended}`);
  return { ...sale, expected: next.statusAfter, history: [paid, ended] };
}

function print(step: string, text: string): void {
  console.log(`  ${step}  ${text}`);
}

demo().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(
      error instanceof UnexpectedAnswer || error instanceof ApiError
        ? `The demo failed: ${error.message}`
        : error,
    );
    process.exit(1);
  },
);
