import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { Shop } from '../quickstart/shop';
import { ConsoleInTest, DEVICES } from './support/console';
import { eventually } from './support/eventually';

const ORDERS = 10_000;
const FIRST_ORDER = 800_000_001;
const LAST_ORDER = FIRST_ORDER + ORDERS - 1;
const GROUP_ROWS = 50;
/** The most rows that a window of 800 px, with what is near it, has in the document. */
const MOST_ROWS = 300;

/** Presses "load more" until there is no more. */
const LOAD_ALL = `(async () => {
  for (;;) {
    const more = document.querySelector('.list-end button');
    if (more === null) return;
    more.click();
    await new Promise((resolve) => setTimeout(resolve));
  }
})()`;

describe('A list of 10,000 orders in the console', () => {
  const shopKey = `list-${randomUUID().slice(0, 8)}`;
  let panel: ConsoleInTest;
  let database: Client;

  beforeAll(async () => {
    // 200 pages are read in seconds.
    panel = await ConsoleInTest.start('the long lists', { RATE_LIMIT: 'off' });
    await new Shop(panel.quickstart.settings(), shopKey).install();
    database = new Client(await panel.quickstart.database());
    await database.connect();
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, payment_method, total_cents,
         created_at, updated_at)
       SELECT i.id, 1, o, 'aprovado', 'pix', 1000, now() - ($3::int - o) * interval '1 second', now()
       FROM installations i, generate_series($2::int, $3::int) o WHERE i.external_key = $1`,
      [shopKey, FIRST_ORDER, LAST_ORDER],
    );
  }, 120_000);

  afterAll(async () => {
    await database.end();
    await panel.stop();
  }, 60_000);

  afterEach(async () => {
    expect(await panel.closeWindow()).toEqual([]);
  });

  const countRows = (page: Page): Promise<number> => page.locator('[role=listitem]').count();
  const rowOf = (page: Page, order: number) => page.locator('[data-row]', { hasText: String(order) });

  it.each(DEVICES)(
    'on a %s, it has few rows in the document wherever it is scrolled, and follows changes',
    async (device) => {
      const page = await panel.open(`/orders?external_key=${shopKey}`, { device });
      await rowOf(page, LAST_ORDER).waitFor();
      await page.evaluate(LOAD_ALL);
      const groups = page.locator('[role=list] > *');
      expect(await groups.count()).toBe(ORDERS / GROUP_ROWS);
      await eventually(async () => {
        expect(await countRows(page)).toBeLessThanOrEqual(MOST_ROWS);
      });

      // Downwards in steps, each far enough to show other rows.
      for (const group of [40, 120, 199]) {
        await groups.nth(group).scrollIntoViewIfNeeded();
        await rowOf(page, LAST_ORDER - group * GROUP_ROWS).waitFor();
        await eventually(async () => {
          expect(await countRows(page)).toBeLessThanOrEqual(MOST_ROWS);
        });
        expect(await rowOf(page, LAST_ORDER).count()).toBe(0);
      }
      await rowOf(page, FIRST_ORDER).scrollIntoViewIfNeeded();
      expect(await page.getByRole('listitem').last().getAttribute('aria-posinset')).toBe(String(ORDERS));
      expect(await panel.window.violations()).toEqual([]);

      await page.evaluate('window.scrollTo(0, 0)');
      const first = rowOf(page, LAST_ORDER);
      await first.waitFor();
      const isApproved = (await first.innerText()).includes('Aprovado');
      await database.query('UPDATE orders SET status = $2 WHERE appmax_order_id = $1', [
        LAST_ORDER,
        isApproved ? 'integrado' : 'aprovado',
      ]);
      await first.getByText(isApproved ? 'Integrado' : 'Aprovado').waitFor();
      expect(await groups.count()).toBe(ORDERS / GROUP_ROWS);
    },
    120_000,
  );

  it('the arrow keys walk from one group of rows to the next', async () => {
    const page = await panel.open(`/orders?external_key=${shopKey}`);
    await rowOf(page, LAST_ORDER).waitFor();
    for (const group of [1, 3]) {
      await page.locator('.list-end button').click();
      await page.locator('[role=list] > *').nth(group).waitFor();
    }
    await page.evaluate('window.scrollTo(0, 0)');
    await rowOf(page, LAST_ORDER - GROUP_ROWS + 1).focus();
    await rowOf(page, LAST_ORDER - GROUP_ROWS).waitFor();
    await page.keyboard.press('ArrowDown');
    const focused = await page.evaluate<string>('document.activeElement.textContent');
    expect(focused).toContain(String(LAST_ORDER - GROUP_ROWS));
    // The row with the focus stays, however far the list is scrolled. The first key returns to it.
    const before = rowOf(page, LAST_ORDER - GROUP_ROWS + 1);
    await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
    await before.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowUp');
    await before.waitFor();
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain(
      String(LAST_ORDER - GROUP_ROWS + 1),
    );
  });
});
