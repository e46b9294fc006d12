import { OUTCOME_CONDITIONS, OUTCOMES, outcomeOf, type EventMarks, type Outcome } from './event-outcome';

describe('The outcome of an event', () => {
  it.each<[Outcome, EventMarks]>([
    ['waiting', { processed: false, errorMessage: null }],
    ['waiting', { processed: false, errorMessage: 'Appmax can not be reached' }],
    ['applied', { processed: true, errorMessage: null }],
    ['repeated', { processed: true, errorMessage: 'repeats webhook event 7' }],
    ['set_aside', { processed: true, errorMessage: 'its order did not appear within 72 hours' }],
  ])('the outcome is %s with %j', (outcome, marks) => {
    expect(outcomeOf(marks)).toBe(outcome);
  });

  it('every outcome has a condition for the list of events', () => {
    expect(Object.keys(OUTCOME_CONDITIONS)).toEqual(OUTCOMES);
  });
});
