/** Runs `work` `count` times, `atOnce` at a time. @returns the durations in milliseconds, sorted. */
export async function timed(count: number, atOnce: number, work: () => Promise<unknown>): Promise<number[]> {
  const durations: number[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await work();
      durations.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return durations.sort((a, b) => a - b);
}

/** Returns a percentile of sorted durations. @param share 0.95 for p95. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** Returns the median of numbers. */
export function median(numbers: readonly number[]): number {
  return percentile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  );
}
