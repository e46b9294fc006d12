import { KeepAliveConnection } from './keep-alive-connection';

/** Replaced by the number of the request, in paths, headers and bodies. */
const NUMBER = '{n}';
const CONNECTIONS = 64;
/** Durations that are kept: enough for any round; later ones are counted without their duration. */
const MAXIMUM_DURATIONS = 2_000_000;

/** Requests over HTTP/1.1 connections that are kept alive, each with one request at a time. */
export interface Load {
  /** `http://127.0.0.1:3000`. */
  readonly origin: string;
  readonly method?: 'GET' | 'POST';
  /** `{n}` in path, headers or body is the number of the request. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON if no other content type is given. */
  readonly body?: string;
  /** The numbers of the requests: `from`, and `span` of them, again and again. Without `span` they only grow. */
  readonly numbers?: { readonly from: number; readonly span?: number };
  /** 64 if left out. */
  readonly connections?: number;
  /** Ends after this time or after `count` requests, whatever comes first. One of them is necessary. */
  readonly seconds?: number;
  readonly count?: number;
  /** 200 if left out. Any other status ends the load with an error. */
  readonly expect?: readonly number[];
}

/** The measurements of a load. Durations are milliseconds, in the order of the answers. */
export interface GeneratedLoad {
  readonly requests: number;
  readonly perSecond: number;
  readonly durations: Float64Array;
  readonly byStatus: Readonly<Record<number, number>>;
  /** The number that the next load can go on with, so that no number is sent twice. */
  readonly nextNumber: number;
}

/**
 * Sends requests over all connections until time or count is reached, and waits for the last answers.
 *
 * @throws Error if an answer has an unexpected status, or if a connection is lost.
 */
export async function generateLoad(load: Load): Promise<GeneratedLoad> {
  const { connections = CONNECTIONS, seconds = Infinity, count = Infinity, expect = [200] } = load;
  if (seconds === Infinity && count === Infinity) throw new Error('A load needs seconds or a count');
  const { from, span } = { span: Infinity, ...(load.numbers ?? { from: 0 }) };
  const requestOf = requestWriter(load);
  const durations = new Float64Array(
    count === Infinity ? MAXIMUM_DURATIONS : Math.min(count, MAXIMUM_DURATIONS),
  );
  const byStatus: Record<number, number> = {};
  const open = await Promise.all(
    Array.from({ length: connections }, () => KeepAliveConnection.open(load.origin)),
  );
  let sent = 0;
  let answered = 0;
  const startedAt = performance.now();
  const worker = async (connection: KeepAliveConnection): Promise<void> => {
    while (sent < count && performance.now() - startedAt < seconds * 1000) {
      const number = from + (span === Infinity ? sent : sent % span);
      sent += 1;
      const sentAt = performance.now();
      const status = await connection.request(requestOf(number));
      if (answered < durations.length) durations[answered] = performance.now() - sentAt;
      answered += 1;
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (!expect.includes(status)) throw new Error(`${load.path} (${number}): answered ${status}`);
    }
  };
  try {
    await Promise.all(open.map(worker));
  } finally {
    for (const connection of open) connection.close();
  }
  return {
    requests: answered,
    perSecond: answered / ((performance.now() - startedAt) / 1000),
    durations: durations.slice(0, answered),
    byStatus,
    nextNumber: from + sent,
  };
}

/** Returns a function that writes the request of a number. What does not depend on the number is written once. */
function requestWriter({ origin, path, body, headers = {}, method }: Load): (number: number) => string {
  const head = [
    `${method ?? (body === undefined ? 'GET' : 'POST')} ${path} HTTP/1.1`,
    `host: ${new URL(origin).host}`,
    ...Object.entries({
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  return (number) => {
    const at = (text: string): string => text.replaceAll(NUMBER, String(number));
    if (body === undefined) return `${at(head)}\r\n\r\n`;
    const content = at(body);
    return `${at(head)}\r\ncontent-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
  };
}
