import { Pool } from 'undici';
import type { Answer } from '../http';
import type { GeneratedRequest } from './requests';

/** Sends requests as they are, such as no well-behaved client would, over connections that are kept. */
export class Sender {
  private readonly pool: Pool;

  constructor(url: string, connections: number) {
    this.pool = new Pool(url, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  }

  async send({ method, path, headers, body }: GeneratedRequest): Promise<Answer> {
    const answer = await this.pool.request({
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const received = new Headers(
      Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    );
    const text = received.get('content-type')?.startsWith('text/event-stream')
      ? await firstOf(answer.body)
      : await answer.body.text();
    return { status: answer.statusCode, headers: received, body: {}, text };
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** A stream of events doesn't end: its beginning is enough. */
async function firstOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  for await (const chunk of body) return chunk.toString();
  return '';
}
