import type { Browser, Page } from 'playwright-core';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './browser';
import { type Answer, send } from './http';
import { Quickstart } from './quickstart';

export const DEVICES = Object.keys(WIDTHS) as Device[];
export const LOCALES = ['pt-BR', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The windows in which actions are carried out: both widths and both languages, each once. console-views has all four. */
export const WINDOWS = [
  ['desktop', 'en'],
  ['phone', 'pt-BR'],
] as const satisfies readonly (readonly [Device, Locale])[];

const SIGN_IN = {
  'pt-BR': { key: 'Chave secreta', button: 'Entrar' },
  en: { key: 'Secret key', button: 'Sign in' },
} as const;

/** Without a sign-in, the console's first call is answered 401. */
export const REFUSED_SIGN_IN = /\/console\/session$/;

/** The differences of a window from one on a desktop, in Portuguese, with the key that may do everything. */
export interface OpenOptions {
  readonly device?: Device;
  readonly locale?: Locale;
  readonly key?: string;
  /** The addresses of calls that may be refused: Chromium logs them as errors. */
  readonly refusedCalls?: RegExp;
}

/** The console of a quickstart, in windows that sign in with a key. */
export class ConsoleInTest {
  private browser!: Browser;
  /** The window that was opened last, and its locale. */
  window!: TestWindow;
  locale: Locale = 'pt-BR';

  private constructor(
    readonly quickstart: Quickstart,
    private readonly screenshots: string,
  ) {}

  /**
   * Starts a quickstart and a Chromium.
   *
   * @param views the views whose screenshots are taken, for the line that says where they are.
   */
  static async start(views: string, variables: Record<string, string> = {}): Promise<ConsoleInTest> {
    const quickstart = await Quickstart.prepare(variables);
    await quickstart.start();
    const screenshots = screenshotsDirectory();
    const panel = new ConsoleInTest(quickstart, screenshots);
    panel.browser = await startChromium();
    process.stderr.write(`Screenshots of ${views} are in ${screenshots}\n`);
    return panel;
  }

  /** The key that may do everything. */
  get fullKey(): string {
    return this.quickstart.settings().secretKey;
  }

  /** Calls the API with a key, by default with the one that may do everything. */
  call(method: string, path: string, body?: object, key = this.fullKey): Promise<Answer> {
    return send(method, `${this.quickstart.serviceUrl}${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { authorization: `Bearer ${key}` },
    });
  }

  /** Makes a key, by default one that may only read. */
  async makeKey(name = 'reader', scopes: readonly string[] = ['read'], shop?: string): Promise<string> {
    const { body } = await this.call('POST', '/admin/keys', {
      name,
      scopes,
      ...(shop === undefined ? {} : { external_key: shop }),
    });
    return body['key'] as string;
  }

  /** Opens a view in a new window, and signs in. */
  async open(
    path: string,
    {
      device = 'desktop',
      locale = 'pt-BR',
      key = this.fullKey,
      refusedCalls = REFUSED_SIGN_IN,
    }: OpenOptions = {},
  ): Promise<Page> {
    this.window = await TestWindow.open(this.browser, this.screenshots, device, {
      locale,
      colorScheme: locale === 'en' ? 'dark' : 'light',
      refusedCalls,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    this.locale = locale;
    const { page } = this.window;
    await this.goTo(path);
    await page.getByLabel(SIGN_IN[locale].key).fill(key);
    await page.getByRole('button', { name: SIGN_IN[locale].button, exact: true }).click();
    return page;
  }

  /** Opens another view in the window. @returns the status of its document. */
  goTo(path: string): Promise<number> {
    return this.window.goTo(`${this.quickstart.serviceUrl}/console${path}`);
  }

  /** Closes the window. @returns the errors that its pages have logged. */
  async closeWindow(): Promise<readonly string[]> {
    const { errors } = this.window;
    await this.window.close();
    return errors;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.quickstart.remove();
  }
}
