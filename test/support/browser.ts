import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How wide a window is, and what for. */
export const WIDTHS = { desktop: 1280, phone: 375 } as const;
export type Device = keyof typeof WIDTHS;

/** Told by every page, also by those whose policy lets no script run: this one is the browser's. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP: ' + event.effectiveDirective + ' forbids ' + (event.blockedURI || 'inline'));
});`;

/** What is too wide for the window, by its tag and class; nothing where the page itself is not. */
const TOO_WIDE = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const guilty = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 1,
  );
  return [scrollWidth + ' px', ...guilty.slice(0, 8).map(({ tagName, className }) => tagName + '.' + className)];
})()`;

/** A Chromium with a profile of its own. */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'];
  if (executablePath === undefined) throw new Error('CHROMIUM_PATH is not set');
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: QUIET });
}

/** A window, what its pages complained about, and pictures of them. */
export class Visitor {
  readonly complaints: string[] = [];
  private opened = '';

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly pictures: string,
    private readonly device: Device,
  ) {
    page.on('console', (message) => {
      // A page that tells of an error is loaded with its status, which the console repeats.
      const isRepeated = message.location().url === this.opened && message.text().includes('status of 4');
      if (['error', 'warning'].includes(message.type()) && !isRepeated) this.complain(message.text());
    });
    page.on('pageerror', (error) => {
      this.complain(error.message);
    });
  }

  static async arrive(browser: Browser, pictures: string, device: Device): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: WIDTHS[device], height: device === 'phone' ? 740 : 800 },
      ...(device === 'phone' ? { hasTouch: true, isMobile: true } : {}),
    });
    await context.addInitScript(REPORT_VIOLATIONS);
    return new Visitor(await context.newPage(), context, pictures, device);
  }

  /** Opens an address. @returns the answer's status. */
  async open(url: string): Promise<number> {
    this.opened = url;
    const answer = await this.page.goto(url, { waitUntil: 'load' });
    return answer?.status() ?? 0;
  }

  /** Takes a picture of the whole page, and looks whether it fits into the window. */
  async look(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.pictures, `${name}-${this.device}.png`), fullPage: true });
    const tooWide = await this.page.evaluate<string[]>(TOO_WIDE);
    if (tooWide.length > 0) this.complain(`too wide: ${tooWide.join(', ')}`);
  }

  leave(): Promise<void> {
    return this.context.close();
  }

  private complain(words: string): void {
    const { pathname } = new URL(this.page.url());
    this.complaints.push(`${pathname} (${this.device}): ${words}`);
  }
}

/** Where the pictures go: outside the project. */
export function picturesDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'appmax-checkout-pictures-'));
}
