import { type Verification, verificationOf, type VerifiedFacts } from './event-verification';

const RECEIVED = new Date('2026-01-31T12:00:00Z');
const BEFORE = new Date('2026-01-31T11:59:59Z');
const AFTER = new Date('2026-01-31T12:00:01Z');

describe('verificationOf', () => {
  const facts = (change: Partial<VerifiedFacts>): VerifiedFacts => ({
    event: 'OrderApproved',
    outcome: 'waiting',
    created_at: RECEIVED,
    order_status: 'pendente',
    answered_at: null,
    ...change,
  });

  it.each<[string, Partial<VerifiedFacts>, Verification]>([
    ['asserts no status', { event: 'SubscriptionCancelationEvent' }, 'not_needed'],
    ['was applied', { outcome: 'applied', order_status: 'aprovado' }, 'confirmed'],
    ['was applied before the order went back', { outcome: 'applied', answered_at: AFTER }, 'confirmed'],
    [
      'was set aside, with the order as it asserts',
      { outcome: 'set_aside', order_status: 'aprovado' },
      'confirmed',
    ],
    [
      'repeats one, with the order further on',
      { outcome: 'repeated', order_status: 'estornado' },
      'confirmed',
    ],
    ['is contradicted by a read after it', { answered_at: AFTER }, 'not_confirmed'],
    ['was set aside after such a read', { outcome: 'set_aside', answered_at: AFTER }, 'not_confirmed'],
    ['is younger than the last read', { answered_at: BEFORE }, 'not_asked'],
    ['is of an order that was never read', {}, 'not_asked'],
    ['is of an unknown order', { order_status: null }, 'not_asked'],
    ['has no time', { created_at: null, answered_at: AFTER }, 'not_asked'],
  ])('of an event that %s', (_, change, expected) => {
    expect(verificationOf(facts(change), true)).toBe(expected);
  });

  it('nothing is said to be verified while verification is off', () => {
    expect(verificationOf(facts({ outcome: 'applied', order_status: 'aprovado' }), false)).toBe('off');
  });
});
