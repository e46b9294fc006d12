import { Agent, request } from 'undici';

const MAX_RESPONSE_CHARACTERS = 2000;

/** The response to a webhook, or the reason why there was none. */
export interface TransportResult {
  readonly status: number | null;
  readonly duration_ms: number;
  readonly answer: string;
  readonly error: string | null;
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString();
    if (text.length >= MAX_RESPONSE_CHARACTERS) break;
  }
  return text.slice(0, MAX_RESPONSE_CHARACTERS);
}

function reasonOf(error: unknown, timeoutMilliseconds: number): string {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  if (name === 'TimeoutError') return `no answer within ${timeoutMilliseconds} ms`;
  return message || code || 'no answer';
}

/** Posts JSON as Appmax does: with its two headers, and without following redirects. */
export class WebhookTransport {
  private agent = new Agent({ connections: 64 });

  /**
   * Sends one request.
   * @param timeoutMilliseconds for the whole response
   * @returns the response; a failure is also returned, never thrown
   */
  async post(url: string, body: string, timeoutMilliseconds: number): Promise<TransportResult> {
    const startedAt = performance.now();
    const elapsed = (): number => Math.round(performance.now() - startedAt);
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'GuzzleHttp/7' },
        body,
        dispatcher: this.agent,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      const answer = await beginningOf(response.body as AsyncIterable<Buffer>);
      return { status: response.statusCode, duration_ms: elapsed(), answer, error: null };
    } catch (error) {
      return {
        status: null,
        duration_ms: elapsed(),
        answer: '',
        error: reasonOf(error, timeoutMilliseconds),
      };
    }
  }

  /** Aborts all requests in flight. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}
