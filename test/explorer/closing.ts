import { type Snapshot, spend, withFault, type World } from './model';
import type { Next } from './search';
import { apply, readsOf, type Run } from './service';

/** Lets another order of the checkout session replace this one: at once, or by a read that was started before. */
export function closings(world: World, run: Run): Next<World>[] {
  const { closing } = world;
  if (closing !== null)
    return [
      [
        `closes the order by a read of ${closing.reading.status}`,
        closed({ ...world, closing: null }, closing, run),
      ],
    ];
  if (world.budget.closings === 0 || world.isClosed) return [];
  const asked = spend(world, 'closings');
  return [
    ['closes the order without a read', closed(asked, null, run)],
    ...readsOf(asked, run).map(([event, from, snapshot]): Next<World> => [
      `${event} to close the order`,
      { ...from, closing: snapshot },
    ]),
  ];
}

function closed(world: World, snapshot: Snapshot | null, run: Run): World {
  const after = apply(world, { type: 'close', reading: snapshot?.reading ?? null }, snapshot, run);
  const isPaid = after.appmax.payments.some(
    ({ state, inTime }) => state === 'paid' || (state === 'charged' && inTime),
  );
  return after.isClosed && isPaid ? withFault(after, 'an order was closed although it is paid') : after;
}
