import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './support/chromium';
import { fillWithOrders } from './support/many-orders';
import { type BenchOptions, type BenchResult, median } from './support/result';
import { startSystem } from './support/system';

const SIZES = {
  quick: { orders: 20_000, visits: 1, rows: 1_000 },
  full: { orders: 2_000_000, visits: 5, rows: 10_000 },
};
const GROUP_ROWS = 50;
const WINDOW: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'pt-BR' };
/** The time in which the first figures of a visit must be shown. */
const LIMIT_MILLISECONDS = 1_500;

/** The newest orders that change while the list is read, and the pause between two changes of them all. */
const CHANGED_ORDERS = 20;
const CHANGE_PAUSE_MILLISECONDS = 300;
/** A turn of the wheel, in pixels, and the pause after it. */
const WHEEL = 1_500;
const WHEEL_PAUSE_MILLISECONDS = 16;

/**
 * Keeps the times at which the figures and the charts of the overview are in the page, and the tasks that have blocked it for
 * more than 50 ms. The browser itself adds it to the page.
 */
const OBSERVE = `window.shownAt = {};
new MutationObserver(() => {
  for (const selector of ['.tiles', '.chart'])
    if (window.shownAt[selector] === undefined && document.querySelector(selector) !== null)
      window.shownAt[selector] = performance.now();
}).observe(document, { subtree: true, childList: true });
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: 'longtask', buffered: true });`;

/** Presses "load more" until so many groups of rows are loaded. */
const LOAD_GROUPS = (groups: number): string => `(async () => {
  while (document.querySelectorAll('[role=list] > *').length < ${String(groups)}) {
    const more = document.querySelector('.list-end button');
    more.scrollIntoView();
    more.click();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
})()`;

/**
 * Measures the console in a Chromium with 2 million orders in the database: the time until the first figures of the overview
 * are shown, and what a list of 10,000 orders costs that is loaded, and scrolled, while orders change. It has no floor.
 */
export async function benchConsole({ quick }: BenchOptions): Promise<BenchResult[]> {
  const { orders, visits, rows } = SIZES[quick ? 'quick' : 'full'];
  const secretKey = `sk_bench_${randomUUID()}`;
  const system = await startSystem({
    countsRoundTrips: false,
    variables: { API_SECRET_KEYS: secretKey, BACKGROUND_WORK: 'false' },
  });
  const client = new Client(system.database);
  let browser: Browser | undefined;
  try {
    await client.connect();
    await fillWithOrders(client, orders);
    const executablePath = chromiumPath();
    browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-gpu'] });
    const signedIn = await signIn(browser, `${system.url}/console`, secretKey);
    const overview: Visit[] = [];
    for (let visit = 0; visit < visits; visit += 1)
      overview.push(await visitOverview(browser, `${system.url}/console`, signedIn));
    const changes = changeOrders(client, orders);
    const list = await readList(browser, `${system.url}/console/orders`, { signedIn, rows }).finally(() =>
      changes.stop(),
    );
    return [...resultsOf(overview), ...list];
  } finally {
    await browser?.close();
    await client.end();
    await system.stop();
  }
}

/** Signs in by the form. @returns the window's options, with the cookie of the session */
async function signIn(browser: Browser, url: string, key: string): Promise<BrowserContextOptions> {
  const context = await browser.newContext(WINDOW);
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByLabel('Chave secreta').fill(key);
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await page.locator('.chart').first().waitFor();
    return { ...WINDOW, storageState: await context.storageState() };
  } finally {
    await context.close();
  }
}

/** The milliseconds from the start of the navigation until something is shown. */
interface Visit {
  readonly figures: number;
  readonly charts: number;
}

/** Opens the overview with an empty cache. */
async function visitOverview(browser: Browser, url: string, signedIn: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext(signedIn);
  try {
    const page = await context.newPage();
    await page.addInitScript(OBSERVE);
    await page.goto(url);
    await page.locator('.chart').first().waitFor();
    const shownAt = await page.evaluate<Record<string, number>>('window.shownAt');
    return { figures: shownAt['.tiles'] ?? NaN, charts: shownAt['.chart'] ?? NaN };
  } finally {
    await context.close();
  }
}

function resultsOf(visits: readonly Visit[]): BenchResult[] {
  const line = (name: string, of: (visit: Visit) => number): BenchResult => {
    const slowest = Math.max(...visits.map(of));
    const isLate = slowest > LIMIT_MILLISECONDS ? `; slower than ${LIMIT_MILLISECONDS} ms` : '';
    return {
      name: `console: ${name}`,
      unit: 'ms',
      service: median(visits.map(of)),
      note: `the slowest of ${visits.length} visits: ${slowest.toFixed(0)} ms${isLate}`,
    };
  };
  return [
    line('first figures of the overview', ({ figures }) => figures),
    line('charts of the overview', ({ charts }) => charts),
  ];
}

/** Changes the newest orders again and again, until it is stopped. */
function changeOrders(client: Client, newest: number): { readonly stop: () => Promise<void> } {
  let isRunning = true;
  const run = async (): Promise<void> => {
    while (isRunning) {
      await client.query(
        `UPDATE orders SET status = CASE status WHEN 'aprovado' THEN 'integrado' ELSE 'aprovado' END, updated_at = now()
         WHERE appmax_order_id > $1`,
        [newest - CHANGED_ORDERS],
      );
      await sleep(CHANGE_PAUSE_MILLISECONDS);
    }
  };
  const running = run();
  return {
    stop: () => {
      isRunning = false;
      return running;
    },
  };
}

/** Loads a list of orders page by page, then scrolls it from its beginning to its end, while its first rows change. */
async function readList(
  browser: Browser,
  url: string,
  { signedIn, rows }: { readonly signedIn: BrowserContextOptions; readonly rows: number },
): Promise<BenchResult[]> {
  const context = await browser.newContext(signedIn);
  try {
    const page = await context.newPage();
    let reads = 0;
    page.on('response', (response) => {
      if (response.url().includes('/admin/orders?')) reads += 1;
    });
    await page.addInitScript(OBSERVE);
    await page.goto(url);
    await page.locator('[data-row]').first().waitFor();
    await page.evaluate(LOAD_GROUPS(rows / GROUP_ROWS));
    const loading = await takeLongTasks(page);
    await page.evaluate('window.scrollTo(0, 0)');
    await page.waitForTimeout(500);
    await takeLongTasks(page);
    reads = 0;
    const largest = await scrollDown(page);
    const scrolling = await takeLongTasks(page);
    if (reads === 0) throw new Error('The list has not followed the changes');
    const end = await page.locator('[role=listitem]').last().getAttribute('aria-posinset');
    if (Number(end) < rows) throw new Error(`The end of the list shows row ${end ?? 'none'}`);
    return [
      tasksOf(`longest task while ${rows} orders are loaded`, loading),
      tasksOf(`longest task while ${rows} orders are scrolled, with ${reads} live reads`, scrolling),
      { name: `console: rows in the document, of ${rows}`, unit: 'rows', service: largest.rows },
      { name: 'console: elements in the document', unit: 'elements', service: largest.elements },
    ];
  } finally {
    await context.close();
  }
}

interface DocumentSize {
  readonly rows: number;
  readonly elements: number;
}

/** Turns the wheel until the end of the page. @returns the largest size of the document meanwhile */
async function scrollDown(page: Page): Promise<DocumentSize> {
  await page.mouse.move(640, 500);
  let largest: DocumentSize = { rows: 0, elements: 0 };
  for (;;) {
    await page.mouse.wheel(0, WHEEL);
    await page.waitForTimeout(WHEEL_PAUSE_MILLISECONDS);
    const [rows = 0, elements = 0, left = 0] = await page.evaluate<number[]>(`[
      document.querySelectorAll('[role=listitem]').length, document.querySelectorAll('*').length,
      document.documentElement.scrollHeight - window.scrollY - window.innerHeight]`);
    largest = { rows: Math.max(largest.rows, rows), elements: Math.max(largest.elements, elements) };
    if (left < 1) return largest;
  }
}

/** Returns the durations of the long tasks since the last call, in milliseconds. */
function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate<number[]>('window.longTasks.splice(0)');
}

function tasksOf(name: string, tasks: readonly number[]): BenchResult {
  return {
    name: `console: ${name}`,
    unit: 'ms',
    service: Math.max(0, ...tasks),
    note: tasks.length === 0 ? 'no task took 50 ms' : `${tasks.length} tasks took 50 ms or more`,
  };
}
