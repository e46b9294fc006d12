import { type CallbackDecision, type CallbackSituation, decideCallback } from './callback-decision';

type Start = CallbackSituation['start'];

const ours = { clientId: 'client', clientSecret: 'secret' };

describe('decideCallback', () => {
  it.each<[string, typeof ours | 'unreadable' | undefined, Start, typeof ours, CallbackDecision]>([
    ['a new key that was started with a secret key', undefined, 'authorised', ours, 'save'],
    ['a new key that was started without a secret key', undefined, 'public', ours, 'prove'],
    ['a new key that was not started here', undefined, undefined, ours, 'prove'],
    ['an installed key and its credentials', ours, undefined, { ...ours }, 'keep'],
    ['an installed key and its credentials, started again', ours, 'authorised', { ...ours }, 'keep'],
    [
      'an installed key and another client, started again',
      ours,
      'authorised',
      { ...ours, clientId: 'new' },
      'save',
    ],
    [
      'an installed key and another secret, started again',
      ours,
      'authorised',
      { ...ours, clientSecret: 'new' },
      'save',
    ],
    ['an installed key and another client', ours, undefined, { ...ours, clientId: 'new' }, 'conflict'],
    ['an installed key and another secret', ours, undefined, { ...ours, clientSecret: 'new' }, 'conflict'],
    [
      'an installed key and its client and secret swapped',
      ours,
      undefined,
      { clientId: 'secret', clientSecret: 'client' },
      'conflict',
    ],
    ['an installed key with unreadable credentials', 'unreadable', undefined, ours, 'conflict'],
    ['an installed key with unreadable credentials, started again', 'unreadable', 'authorised', ours, 'save'],
  ])('the decision is right for %s', (_, installed, start, offered, expected) => {
    expect(decideCallback({ installed, start, generating: false, offered })).toBe(expected);
  });

  it('the credentials of an installed key are kept while Appmax generates new ones', () => {
    const other = { ...ours, clientSecret: 'new' };
    const situation = { installed: ours, start: undefined, generating: true, offered: other };
    expect(decideCallback(situation)).toBe('keep');
    expect(decideCallback({ ...situation, start: 'authorised' })).toBe('save');
    expect(decideCallback({ ...situation, installed: undefined })).toBe('prove');
  });

  it('the credentials of a new key are not saved while Appmax generates them after a public start', () => {
    const situation = { installed: undefined, generating: true, offered: ours };
    expect(decideCallback({ ...situation, start: 'public' })).toBe('acknowledge');
    expect(decideCallback({ ...situation, start: 'authorised' })).toBe('save');
  });
});
