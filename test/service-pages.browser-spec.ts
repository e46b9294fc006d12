import type { Browser } from 'playwright-core';
import { Shop } from '../quickstart/shop';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { send } from './support/http';
import { Quickstart } from './support/quickstart';

const DEVICES = Object.keys(WIDTHS) as Device[];
const LOCALES = ['pt-BR', 'en'] as const;

const PAGES = {
  home: '/',
  install: '/install/start',
  failed: '/integrations/appmax/callback/install?token=unknown',
  callback: '/integrations/appmax/callback/install',
  webhook: '/webhooks/appmax',
  health: '/health',
  ready: '/health/ready',
};

describe("The service's own pages in a browser", () => {
  const screenshots = screenshotsDirectory();
  let quickstart: Quickstart;
  let browser: Browser;
  let window: TestWindow;

  beforeAll(async () => {
    quickstart = await Quickstart.prepare();
    await quickstart.start();
    browser = await startChromium();
    process.stderr.write(`Screenshots of the service's pages are in ${screenshots}\n`);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await quickstart.remove();
  }, 60_000);

  afterEach(async () => {
    const { errors } = window;
    await window.close();
    expect(errors).toEqual([]);
  });

  const open = async (
    device: Device,
    path: string,
    locale: (typeof LOCALES)[number] = 'pt-BR',
  ): Promise<void> => {
    window = await TestWindow.open(browser, screenshots, device, {
      locale,
      // Each language is seen in one of the colour schemes.
      colorScheme: locale === 'en' ? 'dark' : 'light',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await window.goTo(`${quickstart.serviceUrl}${path}`);
  };

  describe.each(DEVICES)('on a %s', (device) => {
    describe.each(LOCALES)('in %s', (locale) => {
      it.each(Object.entries(PAGES))('the page %s fits, has no error and passes axe', async (name, path) => {
        await open(device, path, locale);
        expect(await window.page.locator('html').getAttribute('lang')).toBe(locale);
        await window.screenshot(`${name}-${locale}`);
        expect(await window.violations()).toEqual([]);
      });
    });

    it('the page after an installation shows the id, and leads on to the webhook', async () => {
      const { serviceUrl, appIdUuid } = quickstart.settings();
      await open(device, `/install/start?app_id=${appIdUuid}&external_key=installed-on-${device}`);
      await window.page.getByRole('button', { name: 'Autorizar' }).click();
      await window.page.getByRole('heading', { name: 'Instalado' }).waitFor();
      await window.screenshot('installed');
      expect(await window.violations()).toEqual([]);
      await window.page.getByRole('link', { name: 'Registre agora o webhook na Appmax' }).click();
      await window.page.getByRole('heading', { name: 'Registrar o webhook' }).waitFor();
      await window.page.getByRole('link', { name: 'Início' }).click();
      await window.page.getByRole('heading', { name: 'Endereços para registrar na Appmax' }).waitFor();
      expect(window.page.url()).toBe(`${serviceUrl}/?lang=pt-BR`);
    });
  });

  it('a copy button copies the exact address', async () => {
    await open('phone', '/');
    await window.page.getByRole('button', { name: 'Copiar URL de callback do aplicativo' }).click();
    await window.page.getByText('Copiado').waitFor();
    expect(await window.page.evaluate<string>('navigator.clipboard.readText()')).toBe(
      `${quickstart.serviceUrl}/integrations/appmax/callback/install`,
    );
  });

  it('the link to the other language shows the same page', async () => {
    await open('desktop', '/install/start?external_key=loja-1');
    await window.page.getByRole('link', { name: 'English' }).click();
    await window.page.getByRole('heading', { name: 'Install', exact: true }).waitFor();
    expect(await window.page.getByLabel("The merchant's external_key").inputValue()).toBe('loja-1');
  });

  it('a secret key shows the address with its token, a wrong one does not, and neither is in an address', async () => {
    const { secretKey, webhookToken } = quickstart.settings();
    await open('desktop', '/webhooks/appmax');
    const { page } = window;
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.getByLabel('Chave secreta').fill('sk_wrong_0123456789abcdef');
    await page.getByRole('button', { name: 'Mostrar' }).click();
    await page.getByText('Esta chave não é válida').waitFor();
    expect(await window.violations()).toEqual([]);
    await page.getByLabel('Chave secreta').fill(secretKey);
    await page.getByRole('button', { name: 'Mostrar' }).click();
    await page.getByText(`?token=${webhookToken}`).waitFor();
    await window.screenshot('webhook-with-token');
    expect(await page.getByLabel('Chave secreta').count()).toBe(0);
    await page.getByRole('button', { name: 'Copiar Endereço do webhook' }).click();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain(webhookToken);
    expect(addresses.join(' ')).not.toMatch(/sk_/);
  });

  it('the checklist shows the first webhook once it has arrived', async () => {
    const shop = new Shop(quickstart.settings(), 'demo-shop');
    const sale = await shop.payByPix();
    await shop.atAppmax(sale, 'pay');
    const { serviceUrl, webhookToken } = quickstart.settings();
    const event = { event: 'CustomerCreated' };
    await send('POST', `${serviceUrl}/webhooks/appmax?token=${webhookToken}`, { body: event });
    await open('desktop', '/');
    const step = window.page.locator('[data-step=webhook]');
    expect(await step.getAttribute('data-state')).toBe('done');
    await window.screenshot('home-set-up');
  });
});
