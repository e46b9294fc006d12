import { decideCallback, type CallbackDecision } from './callback-decision';

const ours = { clientId: 'client', clientSecret: 'secret' };

describe('decideCallback', () => {
  it.each<[string, typeof ours | 'unreadable' | undefined, boolean, typeof ours, CallbackDecision]>([
    ['a key that is not installed, its installation started here', undefined, true, ours, 'save'],
    ['a key that is not installed, no installation started here', undefined, false, ours, 'prove'],
    ['an installed key and the credentials that it has', ours, false, { ...ours }, 'keep'],
    ['an installed key and the credentials that it has, started again', ours, true, { ...ours }, 'keep'],
    ['an installed key and another client, started again', ours, true, { ...ours, clientId: 'new' }, 'save'],
    [
      'an installed key and another secret, started again',
      ours,
      true,
      { ...ours, clientSecret: 'new' },
      'save',
    ],
    ['an installed key and another client', ours, false, { ...ours, clientId: 'new' }, 'conflict'],
    ['an installed key and another secret', ours, false, { ...ours, clientSecret: 'new' }, 'conflict'],
    [
      'an installed key and its client and secret swapped',
      ours,
      false,
      { clientId: 'secret', clientSecret: 'client' },
      'conflict',
    ],
    ['an installed key whose credentials nobody can read', 'unreadable', false, ours, 'conflict'],
    ['an installed key whose credentials nobody can read, started again', 'unreadable', true, ours, 'save'],
  ])('of %s', (_, installed, started, offered, expected) => {
    expect(decideCallback({ installed, started, generating: false, offered })).toBe(expected);
  });

  it('answers Appmax, and changes nothing, while Appmax is asked for what the last word is', () => {
    const other = { ...ours, clientSecret: 'new' };
    const situation = { installed: ours, started: false, generating: true, offered: other };
    expect(decideCallback(situation)).toBe('keep');
    expect(decideCallback({ ...situation, started: true })).toBe('save');
    expect(decideCallback({ ...situation, installed: undefined })).toBe('prove');
  });
});
