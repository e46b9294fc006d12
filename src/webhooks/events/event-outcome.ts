/** What became of an event. `waiting`: nothing yet · `repeated`: it repeats another · `set_aside`: it can't be applied. */
export const OUTCOMES = ['waiting', 'applied', 'repeated', 'set_aside'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** How the error_message of a repeat begins. */
const REPEATS = 'repeats webhook event ';

/** The marks that an event's row carries. */
export interface EventMarks {
  readonly processed: boolean;
  readonly errorMessage: string | null;
}

export function outcomeOf({ processed, errorMessage }: EventMarks): Outcome {
  if (!processed) return 'waiting';
  if (errorMessage === null) return 'applied';
  return errorMessage.startsWith(REPEATS) ? 'repeated' : 'set_aside';
}

/** The same as {@link outcomeOf}, as conditions in SQL. */
export const OUTCOME_CONDITIONS: Readonly<Record<Outcome, string>> = {
  waiting: 'NOT processed',
  applied: 'processed AND error_message IS NULL',
  repeated: `processed AND error_message LIKE '${REPEATS}%'`,
  set_aside: `processed AND error_message NOT LIKE '${REPEATS}%'`,
};
