import { Agent, request } from 'undici';

/** Runs `work` for each item, at most `concurrency` at once. @returns the results, in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array<Result>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return results;
}

/** The response to a delivery; status 0 if none came. */
export interface Delivered {
  readonly status: number;
  readonly message: string;
}

/** The attempts to deliver a webhook: an overloaded service answers 503, and a test machine may be that slow. */
const MAX_ATTEMPTS = 20;

/** Posts thousands of webhooks over keep-alive connections, as fast as the service accepts them. */
export class Deliverer {
  private readonly agent = new Agent({ connections: 64 });

  /** Delivers a webhook, again after each 503, as Appmax does. @param url the service's origin. */
  async deliver(url: string, body: unknown): Promise<Delivered> {
    for (let attempt = 1; ; attempt += 1) {
      const delivered = await this.deliverOnce(url, body);
      if (delivered.status !== 503 || attempt === MAX_ATTEMPTS) return delivered;
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

/** Counts how often each value occurs. */
export function counted(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
