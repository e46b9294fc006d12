import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** One server-sent event. */
export interface StreamedEvent {
  readonly id: string;
  readonly status: string;
  /** The time of arrival, in Unix milliseconds. */
  readonly at: number;
}

/** A client of a `text/event-stream`. */
export interface EventStreamClient {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly events: readonly StreamedEvent[];
  /** True once the stream is closed. */
  readonly ended: boolean;
  close(): void;
}

/** Opens a stream on its own connection and collects its events. */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStreamClient> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, headers }, resolve).on('error', reject);
  });
  const events: StreamedEvent[] = [];
  const client = {
    status: response.statusCode,
    headers: response.headers,
    events,
    ended: false,
    close: () => {
      response.destroy();
    },
  };
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (id === undefined || data === undefined) continue;
      events.push({ id, status: (JSON.parse(data) as { status: string }).status, at: Date.now() });
    }
  });
  response.on('error', () => undefined).on('close', () => (client.ended = true));
  return client;
}
