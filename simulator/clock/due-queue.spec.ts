import fc from 'fast-check';
import { DueQueue } from './due-queue';

describe('DueQueue', () => {
  it('the queue returns the item due first, and of equal times the one scheduled first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new DueQueue();
        const dues = times.map((at, sequence) => ({ at, sequence, run: (): void => undefined }));
        for (const due of dues) queue.push(due);
        const popped = dues.map(() => queue.pop());
        const expected = dues.toSorted((left, right) => left.at - right.at || left.sequence - right.sequence);
        expect(popped).toEqual(expected);
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });
});
