import { ChangeStream } from './change-stream';

const sentBy = (stream: ChangeStream): string => String(stream.read() ?? '');

describe('a stream of changed orders', () => {
  it('each order is named once', () => {
    const stream = new ChangeStream(undefined);
    sentBy(stream);
    stream.announce([1, 2, 1]);
    expect(sentBy(stream)).toBe('data: {"order_ids":[1,2]}\n\n');
    stream.announce([]);
    expect(sentBy(stream)).toBe('');
  });

  it('more than 200 orders at once are an empty list', () => {
    const stream = new ChangeStream(undefined);
    sentBy(stream);
    stream.announce(Array.from({ length: 200 }, (_, index) => index));
    expect(sentBy(stream)).toContain('199');
    stream.announce(Array.from({ length: 201 }, (_, index) => index));
    expect(sentBy(stream)).toBe('data: {"order_ids":[]}\n\n');
  });

  it('a client that does not read is disconnected', () => {
    const stream = new ChangeStream(undefined);
    for (let count = 0; count < 20_000 && !stream.destroyed; count += 1) stream.keepAlive();
    expect(stream.destroyed).toBe(true);
  });
});
