/** Runs work so many times, so many at once. @returns how long each took, in milliseconds, sorted. */
export async function timed(count: number, atOnce: number, work: () => Promise<unknown>): Promise<number[]> {
  const durations: number[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await work();
      durations.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return durations.sort((a, b) => a - b);
}

/** The duration that a share of the sorted durations does not pass. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
