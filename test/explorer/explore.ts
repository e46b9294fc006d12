import { spontaneousEvents } from './environment';
import { faultAtRest, faultOf } from './invariants';
import { keyOf, lastingKey } from './key';
import type { World } from './model';
import { startOf } from './scenario';
import { checkedOnce, type Report, search } from './search';
import { arrivals, type Run, stepsOf } from './service';

/** Explores every history of a payment scenario. */
export function explore(run: Run, maxStates = Infinity): Report {
  return search<World>(
    {
      start: startOf(run.scenario),
      keyOf,
      nextOf: (world) => [
        ...arrivals(world, run),
        ...world.instances.flatMap((_, instance) => stepsOf(world, instance, run)),
        ...spontaneousEvents(world, run),
      ],
      faultOf: checkedOnce(lastingKey, (world) => faultOf(world) ?? faultAtRest(world, run)),
    },
    maxStates,
  );
}
