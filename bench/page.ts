import { randomUUID } from 'node:crypto';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { ORDER } from '../quickstart/shop';
import { chromiumPath } from './support/chromium';
import { type BenchOptions, type BenchResult, median } from './support/result';
import { type BenchSystem, startSystem } from './support/system';

/** Networks of phones, with the milliseconds that are added to each request. Chromium counts bytes a second. */
const NETWORKS = [
  { name: 'Slow 4G (150 ms, 1.6 Mbit/s)', latency: 150, down: 200_000, up: 93_750 },
  { name: 'DevTools’ Slow 4G (563 ms, 1.4 Mbit/s)', latency: 562.5, down: 180_000, up: 84_375 },
] as const;
const CPU_SLOWDOWN = 4;
const ROUNDS = { quick: 1, full: 5 };
/** Milliseconds without a larger paint after which the last one is the largest. */
const SETTLE_MILLISECONDS = 2000;

/**
 * Keeps the times of the largest contentful paints, and the time at which the choice of a method is in the page. The
 * browser itself adds it to the page.
 */
const OBSERVE = `window.paints = [];
new MutationObserver((_, observer) => {
  if (document.querySelector('[name=method]') === null) return;
  window.formShown = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, childList: true });
new PerformanceObserver((list) => window.paints.push(...list.getEntries().map(({ startTime }) => startTime)))
  .observe({ type: 'largest-contentful-paint', buffered: true });`;

/**
 * Measures the payment page in a Chromium at the width of a phone, with a slow processor and network and an empty cache:
 * the largest contentful paint of a new session, the time until its form is there, and the bytes that the service sends. It
 * has no floor.
 */
export async function benchPage({ quick }: BenchOptions): Promise<BenchResult[]> {
  const secretKey = `sk_bench_${randomUUID()}`;
  const system = await startSystem({ countsRoundTrips: false, variables: { API_SECRET_KEYS: secretKey } });
  const executablePath = chromiumPath();
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-gpu'] });
  try {
    const results: BenchResult[] = [];
    let bytes: ReadonlyMap<string, number> = new Map();
    for (const network of NETWORKS) {
      const visits: Visit[] = [];
      for (let round = 0; round < ROUNDS[quick ? 'quick' : 'full']; round += 1)
        visits.push(await visitPage(browser, await newSession(system, secretKey), network));
      const figure = (name: string, of: (visit: Visit) => number): BenchResult => ({
        name: `page: ${name}, ${network.name}`,
        unit: 'ms',
        service: median(visits.map(of)),
      });
      results.push(
        figure('largest contentful paint', ({ paintMilliseconds }) => paintMilliseconds),
        figure('form', ({ formMilliseconds }) => formMilliseconds),
      );
      bytes = visits[0]?.bytes ?? bytes;
    }
    for (const [kind, size] of bytes)
      results.push({ name: `page: ${kind}, as sent with its headers`, unit: 'kB', service: size / 1000 });
    return results;
  } finally {
    await browser.close();
    await system.stop();
  }
}

/** Makes a session of one item. @returns the address of its page. */
async function newSession({ url, key }: BenchSystem, secretKey: string): Promise<string> {
  const answer = await fetch(`${url}/checkout/${key}/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items: ORDER.products, shipping_value: 1500 }),
  });
  const session = (await answer.json()) as { readonly url?: string };
  if (session.url === undefined) throw new Error(`The session was answered with ${answer.status}`);
  return session.url;
}

interface Visit {
  readonly paintMilliseconds: number;
  readonly formMilliseconds: number;
  /** The bytes that the service sent, with headers, by the kind of resource. */
  readonly bytes: ReadonlyMap<string, number>;
}

async function visitPage(
  browser: Browser,
  url: string,
  { latency, down, up }: (typeof NETWORKS)[number],
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 375, height: 740 },
    isMobile: true,
    locale: 'pt-BR',
  });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    const bytes = await countBytes(devtools, new URL(url).origin);
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: down,
      uploadThroughput: up,
    });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    await page.addInitScript(OBSERVE);
    await page.goto(url, { waitUntil: 'load' });
    await page.getByRole('radio').first().waitFor();
    const paintMilliseconds = await lastPaint(page);
    return { paintMilliseconds, formMilliseconds: await page.evaluate<number>('window.formShown'), bytes };
  } finally {
    await context.close();
  }
}

/** Waits until no larger paint comes. @returns the time of the last one. */
async function lastPaint(page: Page): Promise<number> {
  let last: number | undefined;
  for (;;) {
    await page.waitForTimeout(SETTLE_MILLISECONDS);
    const paint = await page.evaluate<number | undefined>('window.paints.at(-1)');
    if (paint !== undefined && paint === last) return paint;
    last = paint;
  }
}

/** Counts what the service sends, by the kind of resource. The map fills while the page loads. */
async function countBytes(devtools: CDPSession, origin: string): Promise<Map<string, number>> {
  const bytes = new Map<string, number>();
  const kinds = new Map<string, string>();
  devtools.on('Network.requestWillBeSent', ({ requestId, request: { url } }) => {
    if (url.startsWith(origin)) kinds.set(requestId, kindOf(new URL(url).pathname));
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    if (kind !== undefined) bytes.set(kind, (bytes.get(kind) ?? 0) + encodedDataLength);
  });
  await devtools.send('Network.enable');
  return bytes;
}

function kindOf(path: string): string {
  if (path.endsWith('.js')) return 'script';
  if (path.endsWith('.css')) return 'stylesheet';
  return path.split('/').length > 3 ? 'data' : 'document';
}
