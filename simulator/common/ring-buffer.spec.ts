import { RingBuffer } from './ring-buffer';

describe('RingBuffer', () => {
  it('a ring buffer keeps only the newest items and counts all of them', () => {
    const buffer = new RingBuffer<number>(3);
    for (const item of [1, 2, 3, 4, 5]) buffer.push(item);
    expect(buffer.oldestFirst()).toEqual([3, 4, 5]);
    expect(buffer.newestFirst()).toEqual([5, 4, 3]);
    expect(buffer.newestFirst(2)).toEqual([5, 4]);
    expect(buffer.total).toBe(5);
    expect(buffer.find((item) => item === 1)).toBeUndefined();
    expect(buffer.find((item) => item === 4)).toBe(4);
  });

  it('a ring buffer is empty after a clear', () => {
    const buffer = new RingBuffer<number>(2);
    buffer.push(1);
    buffer.clear();
    buffer.push(2);
    expect(buffer.oldestFirst()).toEqual([2]);
    expect(buffer.total).toBe(1);
  });
});
