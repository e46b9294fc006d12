import { Logger } from '@nestjs/common';
import CircuitBreaker from 'opossum';
import { AppmaxFailure } from '../failures/appmax-failure';

/** How long an open circuit keeps calls back before it lets one through to see. */
const RESET_SECONDS = 5;

const OPTIONS: CircuitBreaker.Options = {
  // Deadlines are the transport's: a call that was given up here might still have its effect.
  timeout: false,
  resetTimeout: RESET_SECONDS * 1000,
  rollingCountTimeout: 10_000,
  rollingCountBuckets: 10,
  // More than one lost payment asks for: a single order that can't be read is no outage.
  volumeThreshold: 20,
  errorThresholdPercentage: 50,
  errorFilter: (error: unknown) => !(error instanceof AppmaxFailure && isOutage(error)),
};

/** For calls that are made one at a time, whoever waits for them: a few failures in a minute are all that there can be. */
const SELDOM: CircuitBreaker.Options = { rollingCountTimeout: 60_000, volumeThreshold: 3 };

/** A host that does not answer, or answers that it can't: not one that says no. */
export function isOutage({ kind }: AppmaxFailure): boolean {
  return kind === 'unavailable' || kind === 'unknown';
}

/** Keeps calls from hosts that fail, one circuit a host: clients get their answer at once instead of waiting in line for a timeout. */
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
   * @throws AppmaxFailure `suspended` when the call was kept back; else what the call throws.
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
      this.logger.warn('Appmax is failing: calls are kept back until it answers again');
    });
    circuit.on('close', () => {
      this.logger.log('Appmax answers again');
    });
    this.byHost.set(host, circuit);
    return circuit;
  }
}
