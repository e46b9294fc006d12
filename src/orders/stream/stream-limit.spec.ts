import { StreamLimit } from './stream-limit';

const statusOf = (take: () => unknown): unknown => {
  try {
    take();
    return 'taken';
  } catch (error) {
    return (error as { getStatus: () => number }).getStatus();
  }
};

describe('StreamLimit', () => {
  it('each address may have two hundred streams', () => {
    const streamLimit = new StreamLimit(true);
    const given = Array.from({ length: 200 }, () => streamLimit.take('10.0.0.1'));
    expect(statusOf(() => streamLimit.take('10.0.0.1'))).toBe(429);
    expect(statusOf(() => streamLimit.take('10.0.0.2'))).toBe('taken');
    given[0]!();
    given[0]!();
    expect(streamLimit.open).toBe(200);
    expect(statusOf(() => streamLimit.take('10.0.0.1'))).toBe('taken');
    expect(statusOf(() => streamLimit.take('10.0.0.1'))).toBe(429);
  });

  it('an IPv6 network counts as one address', () => {
    const streamLimit = new StreamLimit(true);
    for (let index = 0; index < 200; index += 1) streamLimit.take(`2001:db8::${index.toString(16)}`);
    expect(statusOf(() => streamLimit.take('2001:db8::ffff'))).toBe(429);
  });

  it('an IPv6 /48 network may have ten times as many streams as an address', () => {
    const streamLimit = new StreamLimit(true);
    const given = Array.from({ length: 2_000 }, (_, index) =>
      streamLimit.take(`2001:db8:7:${(index % 50).toString(16)}::1`),
    );
    expect(statusOf(() => streamLimit.take('2001:db8:7:ffff::1'))).toBe(429);
    expect(statusOf(() => streamLimit.take('2001:db8:8:ffff::1'))).toBe('taken');
    given[0]!();
    expect(statusOf(() => streamLimit.take('2001:db8:7:ffff::1'))).toBe('taken');
  });

  it('an IPv4 address and its IPv4-mapped IPv6 form are one address', () => {
    const streamLimit = new StreamLimit(true);
    for (let index = 0; index < 200; index += 1) streamLimit.take('::ffff:10.0.0.1');
    expect(statusOf(() => streamLimit.take('10.0.0.1'))).toBe(429);
  });

  it('an instance may have ten thousand streams, without a limit per address if RATE_LIMIT is off', () => {
    const streamLimit = new StreamLimit(false);
    for (let index = 0; index < 10_000; index += 1) streamLimit.take('10.0.0.1');
    expect(statusOf(() => streamLimit.take('10.0.0.2'))).toBe(503);
    expect(streamLimit.open).toBe(10_000);
  });
});
