import { type StatusChange, StatusStream } from './status-stream';

const change = (id: number, status: string): StatusChange => ({ id, orderId: 7, status });
const CHANGES = [change(3, 'pendente'), change(5, 'autorizado'), change(9, 'aprovado')];

function textOf(stream: StatusStream): string {
  stream.setEncoding('utf8');
  const chunks: string[] = [];
  for (;;) {
    const chunk = stream.read() as string | null;
    if (chunk === null) return chunks.join('');
    chunks.push(chunk);
  }
}

/** Returns the ids that a client is sent. */
function idsOf(stream: StatusStream): number[] {
  return [...textOf(stream).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}

describe('StatusStream', () => {
  it('a stream is written as server-sent events', () => {
    const stream = new StatusStream(7);
    stream.begin(CHANGES, undefined);
    stream.keepAlive();
    expect(textOf(stream)).toBe('retry: 3000\n\nid: 9\ndata: {"status":"aprovado"}\n\n: heartbeat\n\n');
  });

  it.each([
    ['nothing', undefined, [9]],
    ['the first', 3, [5, 9]],
    ['the second', 5, [9]],
    ['all', 9, []],
    ["another order's", 4, [9]],
    ['what never was', 1_000, [9]],
  ])('a client that has seen %s gets only the later changes', (_, seen, expected) => {
    const stream = new StatusStream(7);
    stream.begin(CHANGES, seen);
    expect(idsOf(stream)).toEqual(expected);
  });

  it('changes that are notified while the database is read are sent once', () => {
    const stream = new StatusStream(7);
    stream.announce(change(9, 'aprovado'));
    stream.announce(change(12, 'integrado'));
    stream.begin(CHANGES, 5);
    stream.announce(change(12, 'integrado'));
    stream.announce(change(11, 'aprovado'));
    stream.announce(change(15, 'estornado'));
    expect(idsOf(stream)).toEqual([9, 12, 15]);
    expect(stream.lastSeen).toBe(15);
  });

  it('a client that does not read is disconnected', () => {
    const stream = new StatusStream(7);
    stream.begin(CHANGES, undefined);
    for (let beat = 0; beat < 10_000; beat += 1) stream.keepAlive();
    expect(stream.destroyed).toBe(true);
  });

  it('a stream that has ended sends nothing', () => {
    const stream = new StatusStream(7);
    stream.begin(CHANGES, undefined);
    stream.destroy();
    stream.announce(change(20, 'estornado'));
    stream.keepAlive();
    stream.finish();
    expect(stream.destroyed).toBe(true);
  });
});
