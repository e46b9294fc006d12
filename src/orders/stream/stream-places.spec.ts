import { StreamPlaces } from './stream-places';

const statusOf = (take: () => unknown): unknown => {
  try {
    take();
    return 'taken';
  } catch (error) {
    return (error as { getStatus: () => number }).getStatus();
  }
};

describe('The places of streams', () => {
  it('are two hundred for an address, and for another there are more', () => {
    const places = new StreamPlaces(true);
    const given = Array.from({ length: 200 }, () => places.take('10.0.0.1'));
    expect(statusOf(() => places.take('10.0.0.1'))).toBe(429);
    expect(statusOf(() => places.take('10.0.0.2'))).toBe('taken');
    given[0]!();
    given[0]!();
    expect(places.open).toBe(200);
    expect(statusOf(() => places.take('10.0.0.1'))).toBe('taken');
    expect(statusOf(() => places.take('10.0.0.1'))).toBe(429);
  });

  it('count a whole IPv6 network as one address', () => {
    const places = new StreamPlaces(true);
    for (let index = 0; index < 200; index += 1) places.take(`2001:db8::${index.toString(16)}`);
    expect(statusOf(() => places.take('2001:db8::ffff'))).toBe(429);
  });

  it('are ten thousand for all, and none belongs to an address where nothing is limited', () => {
    const places = new StreamPlaces(false);
    for (let index = 0; index < 10_000; index += 1) places.take('10.0.0.1');
    expect(statusOf(() => places.take('10.0.0.2'))).toBe(503);
    expect(places.open).toBe(10_000);
  });
});
