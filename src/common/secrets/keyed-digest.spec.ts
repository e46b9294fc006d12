import { createHmac, randomBytes } from 'node:crypto';
import { KeyedDigest } from './keyed-digest';

const [older, present] = [randomBytes(32), randomBytes(32)];

describe('KeyedDigest', () => {
  it('the digest is a keyed hash of the value as JSON', () => {
    const digest = createHmac('sha256', present).update('{"total":7}').digest('hex');
    expect(new KeyedDigest({ current: present, previous: [] }).of({ total: 7 })).toEqual([digest]);
  });

  it('there is one digest for each key, the current key first', () => {
    const [before] = new KeyedDigest({ current: older, previous: [] }).of('x');
    const [now, ...others] = new KeyedDigest({ current: present, previous: [older] }).of('x');
    expect(others).toEqual([before]);
    expect(now).not.toBe(before);
  });
});
