import type { Browser } from 'playwright-core';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { send } from './support/http';
import { Quickstart, type Run } from './support/quickstart';
import { exitCodeOf } from './support/service';
import { openStorefront, type Storefront } from './support/storefront';

const DEVICES = Object.keys(WIDTHS) as Device[];

/** The pages, by the names of their screenshots. Braces stand for ids that the demo has created. */
const SIMULATOR_PAGES = {
  orders: '/',
  'order-by-card': '/orders/{card}',
  'order-by-boleto': '/orders/{boleto}',
  'order-unknown': '/orders/1',
  merchants: '/merchants',
  webhooks: '/webhooks',
  webhook: '/webhooks/{webhook}',
  faults: '/faults',
  ledger: '/ledger',
  requests: '/requests',
  settings: '/settings',
  'register-webhook': '/sandbox/v2/apphook',
  'consent-over': '/sandbox/appstore/integration/nonsense',
  'page-unknown': '/nonsense',
};
const SERVICE_PAGES = {
  home: '/',
  'install-form': '/install/start',
  'install-refused': '/install/start?app_id=nonsense&external_key=my-shop',
  callback: '/integrations/appmax/callback/install',
  'webhook-guide': '/webhooks/appmax',
  health: '/health',
  'health-ready': '/health/ready',
  docs: '/docs',
};

describe('The demo in a browser', () => {
  const screenshots = screenshotsDirectory();
  let storefront: Storefront;
  let quickstart: Quickstart;
  let started: Run;
  let browser: Browser;
  let windows: TestWindow[] = [];

  beforeAll(async () => {
    storefront = await openStorefront();
    quickstart = await Quickstart.prepare({ CORS_ORIGINS: storefront.origin });
    started = await quickstart.start();
    browser = await startChromium();
    process.stderr.write(`Screenshots of the pages are in ${screenshots}\n`);
  }, 90_000);

  afterAll(async () => {
    await browser.close();
    await quickstart.remove();
    await storefront.close();
  }, 60_000);

  afterEach(async () => {
    const errors = windows.flatMap((window) => window.errors);
    await Promise.all(windows.map((window) => window.close()));
    windows = [];
    expect(errors).toEqual([]);
  });

  const openWindow = async (device: Device): Promise<TestWindow> => {
    const window = await TestWindow.open(browser, screenshots, device);
    windows.push(window);
    return window;
  };

  it('the address that the quickstart prints installs a shop through the consent page', async () => {
    const merchant = await openWindow('desktop');
    const { page } = merchant;
    await merchant.goTo(/http:\S+\/install\/start\S+my-shop/.exec(started.output())![0]);
    expect(page.url()).toContain(`${quickstart.simulatorUrl}/sandbox/appstore/integration/`);
    await page.getByText('my-shop').first().waitFor();
    await merchant.screenshot('consent');
    await page.getByRole('button', { name: 'Autorizar' }).click();
    await page.getByRole('heading', { name: 'Installed' }).waitFor();
    expect(page.url()).toContain(`${quickstart.serviceUrl}/integrations/appmax/callback/install`);
    await merchant.screenshot('installed');
  });

  it('a shop can be installed on a phone, from the home page', async () => {
    const merchant = await openWindow('phone');
    const { page } = merchant;
    await merchant.goTo(quickstart.serviceUrl);
    await page.getByRole('link', { name: 'Install it for a merchant' }).tap();
    await page.getByLabel('external_key').fill('phone-shop');
    await page.getByRole('button', { name: 'Install' }).tap();
    await page.getByText('phone-shop').first().waitFor();
    await merchant.screenshot('consent');
    await page.getByRole('button', { name: 'Autorizar' }).tap();
    await page.getByRole('heading', { name: 'Installed' }).waitFor();
    await merchant.screenshot('installed');
  });

  it.each(DEVICES)('the button pays a Pix, and the page of the shop shows it (%s)', async (device) => {
    const sold = await quickstart.sellByPix('my-shop');
    const orderId = String(sold.body['order_id']);
    expect(await quickstart.statusOf('my-shop', orderId)).toBe('pendente');
    const shopper = await openWindow(device);
    const stream = `${quickstart.serviceUrl}/checkout/my-shop/status/${orderId}/stream`;
    await shopper.goTo(storefront.pageOf(stream));
    await shopper.page.getByText('pendente').waitFor();

    const bank = await openWindow(device);
    await bank.goTo(quickstart.simulatorUrl);
    await bank.page.getByRole('link', { name: orderId }).click();
    await bank.page.getByAltText('QR code').waitFor();
    await bank.screenshot('order-to-pay');
    await bank.page.getByRole('button', { name: 'Pay' }).click();
    await bank.page.getByText('Pix paid').first().waitFor();
    await bank.screenshot('order-paid');

    await shopper.page.getByText('aprovado').waitFor();
    expect(await shopper.page.locator('li').allTextContents()).toEqual(['pendente', 'aprovado']);
    expect(await quickstart.statusOf('my-shop', orderId)).toBe('aprovado');
  });

  describe.each(DEVICES)('The pages on a %s', (device) => {
    const ids: Record<string, string> = {};

    beforeAll(async () => {
      const demo = quickstart.run('demo.js');
      expect([await exitCodeOf(demo.child), demo.output()]).toEqual([0, expect.any(String)]);
      const [card, , boleto] = [...demo.output().matchAll(/order (\d+) by/g)].map(([, order]) => order!);
      Object.assign(ids, { card, boleto, webhook: '1' });
      const control = `${quickstart.simulatorUrl}/_simulator`;
      const fault = { kind: 'status', status: 503, route: '/v1/subscriptions', times: 2 };
      const rule = { action: 'delay', event: 'order_paid_by_pix', seconds: 1, times: 1 };
      await send('POST', `${control}/faults`, { body: fault });
      await send('POST', `${control}/webhook-rules`, { body: rule });
    }, 60_000);

    const visitAndCapture = async (origin: string, name: string, path: string): Promise<void> => {
      const window = await openWindow(device);
      await window.goTo(`${origin}${path.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? '')}`);
      await window.screenshot(name);
    };

    it.each(Object.entries(SIMULATOR_PAGES))("the simulator's page %s has no error", (name, path) =>
      visitAndCapture(quickstart.simulatorUrl, `simulator-${name}`, path),
    );

    it.each(Object.entries(SERVICE_PAGES))("the service's page %s has no error", (name, path) =>
      visitAndCapture(quickstart.serviceUrl, `service-${name}`, path),
    );
  });
});
