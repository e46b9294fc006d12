import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The widths of the test windows, in pixels. */
export const WIDTHS = { desktop: 1280, phone: 375 } as const;
export type Device = keyof typeof WIDTHS;

/**
 * Logs violations of the content security policy. The browser itself adds this script to every page, so it also runs
 * where the policy allows no script.
 */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP: ' + event.effectiveDirective + ' forbids ' + (event.blockedURI || 'inline'));
});`;

/** Returns the tag and class of each element that is wider than the window; empty if the page fits. */
const TOO_WIDE = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const tooWide = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 1,
  );
  return [scrollWidth + ' px', ...tooWide.slice(0, 8).map(({ tagName, className }) => tagName + '.' + className)];
})()`;

/** Starts a Chromium with its own profile. */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'];
  if (executablePath === undefined) throw new Error('CHROMIUM_PATH is not set');
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: CHROMIUM_FLAGS });
}

/** Options of a browser window. */
export interface WindowOptions {
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly permissions?: string[];
  /** The addresses of calls that may be refused or fail: Chromium logs them as errors. */
  readonly refusedCalls?: RegExp;
}

/** A browser window that collects the errors of its pages and takes screenshots of them. */
export class TestWindow {
  readonly errors: string[] = [];
  private currentUrl = '';

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly screenshots: string,
    private readonly device: Device,
    refusedCalls?: RegExp,
  ) {
    page.on('console', (message) => {
      // An error page is loaded with a status 4xx, which Chromium logs as an error.
      const isOwnStatus =
        message.location().url === this.currentUrl && message.text().includes('status of 4');
      const isRefusedCall =
        message.text().startsWith('Failed to load resource') &&
        refusedCalls?.test(message.location().url) === true;
      if (['error', 'warning'].includes(message.type()) && !isOwnStatus && !isRefusedCall)
        this.addError(message.text());
    });
    page.on('pageerror', (error) => {
      this.addError(error.message);
    });
  }

  static async open(
    browser: Browser,
    screenshots: string,
    device: Device,
    { refusedCalls, ...options }: WindowOptions = {},
  ): Promise<TestWindow> {
    const context = await browser.newContext({
      viewport: { width: WIDTHS[device], height: device === 'phone' ? 740 : 800 },
      ...(device === 'phone' ? { hasTouch: true, isMobile: true } : {}),
      ...options,
    });
    await context.addInitScript(REPORT_VIOLATIONS);
    return new TestWindow(await context.newPage(), context, screenshots, device, refusedCalls);
  }

  /** Opens an address. @returns the response's status. */
  async goTo(url: string): Promise<number> {
    this.currentUrl = url;
    const answer = await this.page.goto(url, { waitUntil: 'load' });
    return answer?.status() ?? 0;
  }

  /** Takes a screenshot of the whole page and checks that the page fits into the window. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({
      path: join(this.screenshots, `${name}-${this.device}.png`),
      fullPage: true,
    });
    const tooWide = await this.page.evaluate<string[]>(TOO_WIDE);
    if (tooWide.length > 0) this.addError(`too wide: ${tooWide.join(', ')}`);
  }

  /** Returns what axe finds wrong in the page, by the rules of WCAG 2.2 AA. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    return this.page.evaluate<string[]>(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`,
    );
  }

  close(): Promise<void> {
    return this.context.close();
  }

  private addError(message: string): void {
    const { pathname } = new URL(this.page.url());
    this.errors.push(`${pathname} (${this.device}): ${message}`);
  }
}

/** Creates a directory for the screenshots, outside the project. */
export function screenshotsDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'appmax-checkout-screenshots-'));
}
