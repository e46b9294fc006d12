import { happenings } from './environment';
import { faultAtRest, faultOf } from './invariants';
import { keyOf, lastingKey } from './key';
import type { World } from './model';
import { startOf } from './scenario';
import { search, type Report } from './search';
import { arrivals, type Run, stepsOf } from './service';

/** Goes through every history of a scenario of payments. */
export function explore(run: Run, maxStates = Infinity): Report {
  const rested = new Set<string>();
  return search<World>(
    {
      start: startOf(run.scenario),
      keyOf,
      nextOf: (world) => [
        ...arrivals(world, run),
        ...world.instances.flatMap((_, instance) => stepsOf(world, instance, run)),
        ...happenings(world, run),
      ],
      faultOf: (world) => {
        if (world.fault !== null) return world.fault;
        // The invariants look at nothing else.
        const lasting = lastingKey(world);
        if (rested.has(lasting)) return null;
        rested.add(lasting);
        return faultOf(world) ?? faultAtRest(world, run);
      },
    },
    maxStates,
  );
}
