/** A possible next event of a history, and the state after it. */
export type Next<State> = readonly [event: string, state: State];

/** The states of a search and their invariants. */
export interface Search<State> {
  readonly start: State;
  readonly nextOf: (state: State) => Next<State>[];
  /** Returns the canonical form of a state. States with the same form have the same future. */
  readonly keyOf: (state: State) => string;
  /** Returns the broken invariant of a state; null if all hold. */
  readonly faultOf: (state: State) => string | null;
}

/** The result of a search. */
export interface Report {
  readonly states: number;
  /** The number of distinct sequences of events from the start to a state without a next event. */
  readonly histories: number;
  readonly steps: number;
  /** The number of events of the longest history. */
  readonly depth: number;
  /** True if no history was cut off. */
  readonly isComplete: boolean;
  /** The first broken invariant, and the history that broke it. */
  readonly violation: { readonly fault: string; readonly history: readonly string[] } | null;
}

/** Thrown to end a search early: an invariant is broken, or there are too many states. */
class Stop extends Error {
  constructor(readonly fault: string | null) {
    super(fault ?? 'too many states');
  }
}

/**
 * Checks the invariants once for each lasting part of a state, because they read nothing else.
 *
 * @param faultOf returns the broken invariant of a state, or of the state at rest that follows it.
 */
export function checkedOnce<State extends { readonly fault: string | null }>(
  lastingKey: (state: State) => string,
  faultOf: (state: State) => string | null,
): (state: State) => string | null {
  const checked = new Set<string>();
  return (state) => {
    if (state.fault !== null) return state.fault;
    const lasting = lastingKey(state);
    if (checked.has(lasting)) return null;
    checked.add(lasting);
    return faultOf(state);
  };
}

/** Explores every history depth first, each state once. Stops at the first broken invariant. */
export function search<State>({ start, nextOf, keyOf, faultOf }: Search<State>, maxStates: number): Report {
  const seen = new Map<string, { histories: number; depth: number }>();
  const path: string[] = [];
  let steps = 0;

  const exploreFrom = (state: State): { histories: number; depth: number } => {
    const key = keyOf(state);
    const known = seen.get(key);
    if (known !== undefined) return known;
    const fault = faultOf(state);
    if (fault !== null || seen.size >= maxStates) throw new Stop(fault);
    // A history that returns to one of its own states adds none.
    const result = { histories: 0, depth: 0 };
    seen.set(key, result);
    const nexts = nextOf(state);
    let sum = nexts.length === 0 ? 1 : 0;
    let deepest = 0;
    for (const [event, next] of nexts) {
      steps++;
      path.push(event);
      const { histories, depth } = exploreFrom(next);
      path.pop();
      sum += histories;
      deepest = Math.max(deepest, depth + 1);
    }
    result.histories = sum;
    result.depth = deepest;
    return result;
  };

  try {
    const { histories, depth } = exploreFrom(start);
    return { states: seen.size, histories, steps, depth, isComplete: true, violation: null };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return {
      states: seen.size,
      histories: 0,
      steps,
      depth: path.length,
      isComplete: false,
      violation: error.fault === null ? null : { fault: error.fault, history: [...path] },
    };
  }
}
