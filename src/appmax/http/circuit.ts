import { Logger } from '@nestjs/common';
import CircuitBreaker from 'opossum';
import { AppmaxFailure } from '../failures/appmax-failure';

/** Seconds after which an open circuit lets one call through as a test. */
const RESET_SECONDS = 5;

const OPTIONS: CircuitBreaker.Options = {
  // The transport has the time limit: a call that timed out here might still have its effect.
  timeout: false,
  resetTimeout: RESET_SECONDS * 1000,
  rollingCountTimeout: 10_000,
  rollingCountBuckets: 10,
  // More calls than one lost payment causes: a single order that cannot be read is not an outage.
  volumeThreshold: 20,
  errorThresholdPercentage: 50,
  errorFilter: (error: unknown) => !(error instanceof AppmaxFailure && isOutage(error)),
};

/** Options for calls that are made one at a time: even an outage causes only a few failures a minute. */
const SELDOM: CircuitBreaker.Options = { rollingCountTimeout: 60_000, volumeThreshold: 3 };

/** Returns true if the host did not answer, or answered with an error of its own. A refusal is not an outage. */
export function isOutage({ kind }: AppmaxFailure): boolean {
  return kind === 'unavailable' || kind === 'unknown';
}

/** Circuit breakers, one for each host: while a host is failing, calls fail at once instead of after a timeout. */
export class Circuits {
  private readonly logger = new Logger('Appmax');
  private readonly byHost = new Map<string, CircuitBreaker<[() => Promise<unknown>]>>();
  private readonly options: CircuitBreaker.Options;

  /** @param traffic `seldom` for calls that are made one at a time. */
  constructor(traffic: 'usual' | 'seldom' = 'usual') {
    this.options = traffic === 'seldom' ? { ...OPTIONS, ...SELDOM } : OPTIONS;
  }

  /**
   * Makes a call to a host, unless its circuit is open.
   *
   * @throws AppmaxFailure `suspended` if the circuit is open; the call's own errors.
   */
  async call<Value>(url: string, operation: string, work: () => Promise<Value>): Promise<Value> {
    const circuit = this.circuitOf(new URL(url).host);
    try {
      return (await circuit.fire(work)) as Value;
    } catch (error) {
      if (!CircuitBreaker.isOurError(error as Error)) throw error;
      throw new AppmaxFailure('suspended', operation, { retryAfterSeconds: RESET_SECONDS });
    }
  }

  shutdown(): void {
    for (const circuit of this.byHost.values()) circuit.shutdown();
  }

  private circuitOf(host: string): CircuitBreaker<[() => Promise<unknown>]> {
    const known = this.byHost.get(host);
    if (known !== undefined) return known;
    const circuit = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
      ...this.options,
      name: host,
    });
    circuit.on('open', () => {
      this.logger.warn('Appmax is failing: no calls are sent until it answers again');
    });
    circuit.on('close', () => {
      this.logger.log('Appmax answers again');
    });
    this.byHost.set(host, circuit);
    return circuit;
  }
}
