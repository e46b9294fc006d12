import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from './support/browser';
import { cards } from './support/simulator-merchant';
import { externalId, SimulatorWorld } from './support/simulator-world';

const FIELDS = { 'card-holder-name': 'MARINA SOUZA', 'exp-month': '12', 'exp-year': '2030', cvv: '123' };
const CARD_FORM = `<form data-appmax-checkout><input name="card-number" value="${cards.approved}">
  ${Object.entries(FIELDS)
    .map(([name, value]) => `<input name="${name}" value="${value}">`)
    .join('')}
  <button>Pay</button></form>`;
/** Collects what the callbacks get, by the name of the callback. */
const OBJECT_FORM = `const on = (name) => (value) => calls.push([name, value]);
  AppmaxScripts.init({ externalId: '${externalId}', onIp: on('onIp'), onTokenize: on('onTokenize'),
    onSuccess: on('onSuccess'), onError: on('onError') });`;
const POSITIONAL_FORM = `AppCheckout.init((value) => calls.push(['success', value]),
  (value) => calls.push(['error', value]), '${externalId}');`;
const TOKEN = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown;

describe("the simulator's browser script in a browser", () => {
  let world: SimulatorWorld;
  let shop: Server;
  let browser: Browser;
  let page: Page;
  let html = '';

  beforeAll(async () => {
    world = await SimulatorWorld.start('g2');
    shop = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    browser = await startChromium();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    shop.closeAllConnections();
    shop.close();
    await world.close();
  });

  beforeEach(async () => {
    await world.reset();
    await world.control.createMerchant({ external_key: 'loja-teste', external_id: externalId });
    page = await browser.newPage();
  });
  afterEach(() => page.close());

  /** Opens a page of a shop at another origin than the simulator's, which runs some code when the script is there. */
  const open = async (content: string, code: string): Promise<void> => {
    html = `<!doctype html><title>Shop</title>${content}<script>window.calls = [];</script>
      <script src="${world.origin}/appmax.min.js"></script>
      <script>try { ${code} } catch (error) { calls.push(['thrown', error.message]); }</script>`;
    await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  };
  /** Waits for a number of calls of callbacks. @returns all of them */
  const calls = async (count: number): Promise<unknown[]> => {
    await page.waitForFunction(`calls.length >= ${count}`);
    return page.evaluate<unknown[]>('calls');
  };
  const pay = (): Promise<void> => page.getByRole('button', { name: 'Pay' }).click();

  it('the object form calls one callback for each event', async () => {
    await open(`<form data-appmax-customer></form>${CARD_FORM}`, OBJECT_FORM);
    expect(await calls(1)).toEqual([['onIp', { ip: '127.0.0.1' }]]);
    expect(await page.inputValue('form[data-appmax-customer] input[data-appmax-ip]')).toBe('127.0.0.1');
    await pay();
    expect(await calls(2)).toEqual([
      ['onIp', { ip: '127.0.0.1' }],
      ['onTokenize', { token: TOKEN }],
    ]);
  });

  it('the positional form gives an object with the address, then the token as a string', async () => {
    await open(`<form data-appmax-customer></form>${CARD_FORM}`, POSITIONAL_FORM);
    await calls(1);
    await pay();
    expect(await calls(2)).toEqual([
      ['success', { ip: '127.0.0.1' }],
      ['success', TOKEN],
    ]);
  });

  it('a refused card data gives an error in the form of the call', async () => {
    await world.control.addFault({
      kind: 'status',
      status: 500,
      route: 'POST /v1/payments/tokenize',
      times: 2,
    });
    await open(CARD_FORM, OBJECT_FORM);
    await pay();
    const report = { code: 'TOKENIZATION_FAILED', stage: 'tokenization', status: 500 };
    expect(await calls(1)).toEqual([['onError', expect.objectContaining(report)]]);
    await open(CARD_FORM, POSITIONAL_FORM);
    await pay();
    expect(await calls(1)).toEqual([['error', 'Failed to process payment: Failed to tokenize card.']]);
  });

  it('one click gives two tokens if the listener is registered twice', async () => {
    await world.control.change({ script_fires_twice: true });
    await open(CARD_FORM, OBJECT_FORM);
    await pay();
    const [first, second] = (await calls(2)) as [string, { token: string }][];
    expect([first?.[0], second?.[0]]).toEqual(['onTokenize', 'onTokenize']);
    expect(first?.[1].token).not.toBe(second?.[1].token);
  });

  it('a page with an element .appmax-ip gets no listener for cards', async () => {
    await open(`<div class="appmax-ip"></div>${CARD_FORM}`, OBJECT_FORM);
    expect(await calls(1)).toEqual([['onIp', { ip: '127.0.0.1' }]]);
    await pay();
    // Without a listener the form is submitted, and its fields are in the address.
    await page.waitForURL(/card-number/);
    const { by_route } = await world.control.requests();
    expect(by_route).not.toHaveProperty('POST /v1/payments/tokenize');
  });

  it('callbacks of wallets need an external_id, and so does a card', async () => {
    await open('', 'AppmaxScripts.init({ onAuthorize: () => {} });');
    expect(await calls(1)).toEqual([['thrown', 'External ID is required for Apple Pay use.']]);
    await open(CARD_FORM, "AppmaxScripts.init({ onError: (error) => calls.push(['onError', error]) });");
    await pay();
    expect(await calls(1)).toEqual([['onError', expect.objectContaining({ code: 'MISSING_EXTERNAL_ID' })]]);
  });

  it.each([
    ['FINGERPRINT_FAILED', CARD_FORM],
    ['IP_FETCH_FAILED', '<form data-appmax-customer></form>'],
    ['FORM_SETUP_FAILED', '<form data-appmax-checkout><input name="cvv"></form>'],
    ['GOOGLE_PAY_FAILED', '<div data-appmax-google-pay></div>'],
  ] as const)('the error %s can be simulated', async (error, content) => {
    await world.control.change({ script_error: error });
    await open(content, OBJECT_FORM);
    expect(await calls(1)).toEqual([['onError', expect.objectContaining({ code: error })]]);
  });

  it('getFingerprint gives a text', async () => {
    await open(
      '',
      "AppmaxScripts.getFingerprint({ meta: {} }).then((value) => calls.push(['print', value]));",
    );
    expect(await calls(1)).toEqual([['print', expect.stringMatching(/^[0-9a-f]{8}$/)]]);
  });
});
