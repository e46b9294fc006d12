import { type CallbackDecision, decideCallback } from './callback-decision';

const ours = { clientId: 'client', clientSecret: 'secret' };

describe('decideCallback', () => {
  it.each<[string, typeof ours | 'unreadable' | undefined, boolean, typeof ours, CallbackDecision]>([
    ['a new key whose installation was started here', undefined, true, ours, 'save'],
    ['a new key whose installation was not started here', undefined, false, ours, 'prove'],
    ['an installed key and its credentials', ours, false, { ...ours }, 'keep'],
    ['an installed key and its credentials, started again', ours, true, { ...ours }, 'keep'],
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
    ['an installed key with unreadable credentials', 'unreadable', false, ours, 'conflict'],
    ['an installed key with unreadable credentials, started again', 'unreadable', true, ours, 'save'],
  ])('the decision is right for %s', (_, installed, started, offered, expected) => {
    expect(decideCallback({ installed, started, generating: false, offered })).toBe(expected);
  });

  it('the credentials of an installed key are kept while Appmax generates new ones', () => {
    const other = { ...ours, clientSecret: 'new' };
    const situation = { installed: ours, started: false, generating: true, offered: other };
    expect(decideCallback(situation)).toBe('keep');
    expect(decideCallback({ ...situation, started: true })).toBe('save');
    expect(decideCallback({ ...situation, installed: undefined })).toBe('prove');
  });
});
