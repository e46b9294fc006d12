import { BoundedMap } from './bounded-map';

describe('BoundedMap', () => {
  it('a full map removes its oldest entry and reports it', () => {
    const removed: string[] = [];
    const map = new BoundedMap<number, string>(2, (value) => removed.push(value));
    map.set(1, 'one');
    map.set(2, 'two');
    map.set(3, 'three');
    expect(map.get(1)).toBeUndefined();
    expect([...map.values()]).toEqual(['two', 'three']);
    expect(removed).toEqual(['one']);
    expect(map.size).toBe(2);
  });
});
