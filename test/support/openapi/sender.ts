import { Pool } from 'undici';
import type { Answer } from '../http';
import type { GeneratedRequest } from './requests';

/** Sends requests unchanged, also such as no correct client sends, over keep-alive connections. */
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

/** Reads only the first chunk: a stream of events does not end. */
async function firstOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  for await (const chunk of body) return chunk.toString();
  return '';
}
