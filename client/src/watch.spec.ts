import { ApiError } from './api-error';
import { eventsOf } from './event-stream';
import { Transport } from './transport';
import { type StatusEvent, watch } from './watch';

const STREAM = { method: 'GET', path: '/stream', repeat: 'safe' } as const;

const bodyOf = (...pieces: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      controller.close();
    },
  });

const event = (id: number, status: string): string => `id: ${String(id)}\ndata: {"status":"${status}"}\n\n`;

/** Watches a stream whose connections are answered in turn; the last answer repeats. */
function watched(connections: readonly (() => Response)[], signal?: AbortSignal) {
  const seen: (string | null)[] = [];
  const transport = new Transport({
    baseUrl: '',
    fetch: (_, init) => {
      seen.push(new Headers(init?.headers).get('last-event-id'));
      return Promise.resolve((connections[seen.length - 1] ?? connections.at(-1)!)());
    },
  });
  return { seen, events: watch(transport, STREAM, {}, signal === undefined ? {} : { signal }) };
}

async function take(events: AsyncGenerator<StatusEvent>, count: number): Promise<string[]> {
  const statuses: string[] = [];
  for await (const { status } of events) {
    statuses.push(status);
    if (statuses.length === count) break;
  }
  return statuses;
}

describe('The events of a stream', () => {
  it('events are read whatever the pieces and the line ends', async () => {
    const bytes = new TextEncoder().encode(
      'retry: 3000\r\n\r\n: beat\r\n\r\nid: 1\r\ndata: á\r\ndata:b\r\n\r\nid: 2\ndata: c\n\ndata: cut',
    );
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    const events = [];
    let count = 0;
    for await (const each of eventsOf(bodyOf(...pieces), () => (count += 1))) events.push(each);
    expect(events).toEqual([
      { id: '1', data: 'á\nb' },
      { id: '2', data: 'c' },
    ]);
    expect(count).toBe(bytes.length);
  });
});

describe('The watch of a status', () => {
  beforeEach(() => jest.useFakeTimers({ advanceTimers: 50 }));
  afterEach(() => jest.useRealTimers());

  it('after the end of the stream it continues after the last event, and repeats none', async () => {
    const { seen, events } = watched([
      () => new Response(bodyOf(event(4, 'pendente'))),
      () => new Response('{}', { status: 502 }),
      () => new Response(bodyOf(event(4, 'pendente'), event(5, 'aprovado'))),
    ]);
    const taken = take(events, 2);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await taken).toEqual(['pendente', 'aprovado']);
    expect(seen).toEqual([null, '4', '4']);
  });

  it('a refusal ends it with an error', async () => {
    const refusal = { message: 'order not found', code: 'order_not_found' };
    const { events, seen } = watched([() => new Response(JSON.stringify(refusal), { status: 404 })]);
    await expect(take(events, 1)).rejects.toMatchObject({ code: 'order_not_found', status: 404 });
    await expect(take(watched([() => new Response('', { status: 401 })]).events, 1)).rejects.toBeInstanceOf(
      ApiError,
    );
    expect(seen).toHaveLength(1);
  });

  it('it ends when its signal is aborted, during a pause and during a connection', async () => {
    const left = new AbortController();
    const { events } = watched([() => new Response(bodyOf(event(1, 'pendente')))], left.signal);
    const taken = take(events, 10);
    await jest.advanceTimersByTimeAsync(100);
    left.abort();
    expect(await taken).toEqual(['pendente']);
  });
});
