import { percentile } from './durations';

/** One line of the table: what was measured at the service, and at its floor in the same run. */
export interface BenchResult {
  /** The subject of the measurement: `webhooks, first deliveries`. */
  readonly name: string;
  /** The unit of `service` and `floor`: `/s`, `ms`, `MB`. */
  readonly unit: string;
  /** A median of at least three rounds. */
  readonly service: number;
  /** The same of the least program that does the same work. Left out if there is none. */
  readonly floor?: number;
  /** Milliseconds of the service's single requests, over all rounds. */
  readonly p50?: number;
  readonly p99?: number;
  readonly note?: string;
}

/** The options of a run. */
export interface BenchOptions {
  /** True for short rounds, which show that everything works and the order of magnitude. */
  readonly quick: boolean;
}

/** A benchmark of one or more figures. It starts and stops everything that it needs. */
export type Benchmark = (options: BenchOptions) => Promise<readonly BenchResult[]>;

/** The outcome of one round of a measurement: a figure, and the durations of its single requests in milliseconds. */
export interface Round {
  readonly figure: number;
  readonly durations?: readonly number[];
}

/** The subjects of a comparison, and its number of rounds. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  /** 3 if left out. More rounds give steadier medians. */
  readonly rounds?: number;
  readonly service: () => Promise<Round>;
  readonly floor?: () => Promise<Round>;
  readonly note?: string;
}

const ROUNDS = 3;

/** Returns the median. Of an even number of values it is the mean of the two in the middle; of none it is NaN. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const above = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  const below = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  return (below + above) / 2;
}

/**
 * Measures the service and its floor in turns, so that a disturbance of the machine meets both, and returns the
 * medians.
 */
export async function compare({
  name,
  unit,
  rounds = ROUNDS,
  service,
  floor,
  note,
}: Comparison): Promise<BenchResult> {
  const found: { service: Round[]; floor: Round[] } = { service: [], floor: [] };
  for (let round = 0; round < rounds; round += 1) {
    if (floor !== undefined) found.floor.push(await floor());
    found.service.push(await service());
  }
  const durations = found.service.flatMap((round) => [...(round.durations ?? [])]).sort((a, b) => a - b);
  return {
    name,
    unit,
    service: median(found.service.map(({ figure }) => figure)),
    ...(floor === undefined ? {} : { floor: median(found.floor.map(({ figure }) => figure)) }),
    ...(durations.length === 0 ? {} : { p50: percentile(durations, 0.5), p99: percentile(durations, 0.99) }),
    ...(note === undefined ? {} : { note }),
  };
}
