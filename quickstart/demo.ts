import { setTimeout as sleep } from 'node:timers/promises';
import { readDemoSettings } from './demo-settings';
import { Shop, UnexpectedAnswer, type Sale } from './shop';

const WAIT_SECONDS = 20;

interface Outcome extends Sale {
  readonly expected: string;
  readonly history: readonly string[];
}

/** Sells one order by each method through a running quickstart and watches the webhooks move them. */
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

  say('1', `The merchant "${key}" installs the app: start, page of consent, callback`);
  say(' ', `installed with external_id ${await shop.install()}`);

  const outcomes = [
    await sell('2', shop, () => shop.payByCard(), 'aprovado', {
      action: 'refund',
      says: 'the merchant refunds',
      then: 'estornado',
    }),
    await sell('3', shop, () => shop.payByPix(), 'pendente', {
      action: 'pay',
      says: 'the shopper pays the Pix',
      then: 'aprovado',
    }),
    await sell('4', shop, () => shop.payByBoleto(), 'pendente', {
      action: 'pay',
      says: 'the shopper pays the boleto',
      then: 'aprovado',
    }),
  ];

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
  const wrong = outcomes.filter(({ history, expected }) => history.at(-1) !== expected);
  console.log(
    wrong.length === 0
      ? 'Every order ended as expected.'
      : `${wrong.length} order(s) did not end as expected.`,
  );
  return wrong.length === 0 ? 0 : 1;
}

interface Turn {
  readonly action: string;
  readonly says: string;
  readonly then: string;
}

async function sell(
  step: string,
  shop: Shop,
  pay: () => Promise<Sale>,
  first: string,
  turn: Turn,
): Promise<Outcome> {
  const sale = await pay();
  say(step, `order ${sale.orderId} by ${sale.method}: ${sale.detail}`);
  const paid = await waitFor(shop, sale, first);
  say(' ', `its status is ${paid}`);
  await shop.atAppmax(sale, turn.action);
  say(' ', `${turn.says}; Appmax sends its webhook`);
  const ended = await waitFor(shop, sale, turn.then);
  say(' ', `its status is ${ended}`);
  return { ...sale, expected: turn.then, history: [paid, ended] };
}

/** The order's status: the wanted one as soon as it is there, or what it is when the time is over. */
async function waitFor(shop: Shop, sale: Sale, wanted: string): Promise<string> {
  const deadline = Date.now() + WAIT_SECONDS * 1000;
  for (;;) {
    const status = await shop.status(sale);
    if (status === wanted || Date.now() > deadline) return status;
    await sleep(100);
  }
}

function say(step: string, words: string): void {
  console.log(`  ${step}  ${words}`);
}

demo().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof UnexpectedAnswer ? `The demo went wrong: ${error.message}` : error);
    process.exit(1);
  },
);
