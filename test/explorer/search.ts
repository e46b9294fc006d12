/** A history's next event, and where it leads. */
export type Next<State> = readonly [event: string, state: State];

/** What a search goes through, and what it looks for. */
export interface Search<State> {
  readonly start: State;
  readonly nextOf: (state: State) => Next<State>[];
  /** The canonical form of a state: histories that lead to the same one have the same future. */
  readonly keyOf: (state: State) => string;
  /** What is wrong with a state; null where every invariant holds. */
  readonly faultOf: (state: State) => string | null;
}

/** What a search went through. */
export interface Report {
  readonly states: number;
  /** The distinct sequences of events from the start to where nothing more can happen. */
  readonly histories: number;
  readonly steps: number;
  /** The events of the longest history. */
  readonly depth: number;
  /** Whether no history was cut off. */
  readonly isComplete: boolean;
  /** The first invariant that was found broken, and the history that led there. */
  readonly violation: { readonly fault: string; readonly history: readonly string[] } | null;
}

/** A search that ends before it is through. */
class Stop extends Error {
  constructor(readonly fault: string | null) {
    super(fault ?? 'too many states');
  }
}

/**
 * Checks the invariants of a state once for what lasts of it: they look at nothing else.
 *
 * @param faultOf what is wrong with the state, or with where it ends by itself.
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

/** Goes through every history, depth first, each state once; stops at the first broken invariant. */
export function search<State>({ start, nextOf, keyOf, faultOf }: Search<State>, maxStates: number): Report {
  const seen = new Map<string, { histories: number; depth: number }>();
  const path: string[] = [];
  let steps = 0;

  const visit = (state: State): { histories: number; depth: number } => {
    const key = keyOf(state);
    const known = seen.get(key);
    if (known !== undefined) return known;
    const fault = faultOf(state);
    if (fault !== null || seen.size >= maxStates) throw new Stop(fault);
    // A history that comes back to a state on its way adds none.
    const result = { histories: 0, depth: 0 };
    seen.set(key, result);
    const nexts = nextOf(state);
    let sum = nexts.length === 0 ? 1 : 0;
    let deepest = 0;
    for (const [event, next] of nexts) {
      steps++;
      path.push(event);
      const { histories, depth } = visit(next);
      path.pop();
      sum += histories;
      deepest = Math.max(deepest, depth + 1);
    }
    result.histories = sum;
    result.depth = deepest;
    return result;
  };

  try {
    const { histories, depth } = visit(start);
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
