import { Agent, request } from 'undici';

/** Does something with each of many items, so many at once. @returns the results, in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array<Result>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}

/** What a delivery was answered; status 0 when no answer came. */
export interface Delivered {
  readonly status: number;
  readonly message: string;
}

/** A service whose database has more work than it can do answers 503; a test machine may be that slow. */
const MOST_TRIES = 20;

/** Posts webhooks on connections that are kept: thousands of them, as fast as the service takes them. */
export class Deliverer {
  private readonly agent = new Agent({ connections: 64 });

  /** Sends a webhook again that is answered 503, as Appmax does. @param url of the service. */
  async deliver(url: string, body: unknown): Promise<Delivered> {
    for (let tries = 1; ; tries += 1) {
      const delivered = await this.deliverOnce(url, body);
      if (delivered.status !== 503 || tries === MOST_TRIES) return delivered;
    }
  }

  private async deliverOnce(url: string, body: unknown): Promise<Delivered> {
    try {
      const answer = await request(`${url}/webhooks/appmax`, {
        method: 'POST',
        dispatcher: this.agent,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { message } = (await answer.body.json()) as { message: string };
      return { status: answer.statusCode, message };
    } catch {
      return { status: 0, message: '' };
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

/** How many of each there are. */
export function counted(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
