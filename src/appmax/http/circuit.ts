import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import CircuitBreaker from 'opossum';
import { AppmaxFailure } from '../failures/appmax-failure';
import { HostEvidence } from './host-evidence';

/** Seconds after which an open circuit lets one call through as a test. */
const RESET_SECONDS = 5;

/** The number of shops with a circuit. The circuit that was used least recently is deleted. */
const MAXIMUM_SHOPS = 2_000;

const OPTIONS: CircuitBreaker.Options = {
  // The transport has the time limit: a call that timed out here might still have its effect.
  timeout: false,
  resetTimeout: RESET_SECONDS * 1000,
  rollingCountTimeout: 10_000,
  rollingCountBuckets: 10,
  // More calls than one lost payment causes: a single order that cannot be read is not an outage.
  volumeThreshold: 20,
  errorThresholdPercentage: 50,
};

/** Options for calls that are made one at a time: even an outage causes only a few failures a minute. */
const SELDOM: CircuitBreaker.Options = { rollingCountTimeout: 60_000, volumeThreshold: 3 };

/**
 * Returns true if the host did not answer, or answered with an error of its own. A refusal is not an outage, and what we
 * aborted ourselves is none either.
 */
export function isOutage({ kind, isOwnAbort }: Pick<AppmaxFailure, 'kind' | 'isOwnAbort'>): boolean {
  return (kind === 'unavailable' || kind === 'unknown') && !isOwnAbort;
}

/** The number of open circuits, of hosts and of shops. */
export interface OpenCircuits {
  readonly hosts: number;
  readonly shops: number;
}

/** The outcome of a call, as its circuit counts it: a failure that does not count is passed on as a value. */
type Passed = { readonly value: unknown } | { readonly error: unknown };
type Breaker = CircuitBreaker<[() => Promise<Passed>], Passed>;

/** A call of a circuit: the address, the operation's name, and the shop that it is made for, if there is one. */
export interface CircuitCall {
  readonly url: string;
  readonly operation: string;
  readonly shop?: string | undefined;
}

/**
 * Circuit breakers, one for each host and one for each shop on it: while they fail, calls fail at once instead of after
 * a timeout. A shop whose own calls fail opens only its own circuit; {@link HostEvidence} says what counts for the host.
 */
export class Circuits {
  private readonly logger = new Logger('Appmax');
  private readonly hosts = new Map<string, { breaker: Breaker; evidence: HostEvidence }>();
  private readonly shops = new LRUCache<string, Breaker>({
    max: MAXIMUM_SHOPS,
    dispose: (breaker) => {
      breaker.shutdown();
    },
  });
  private readonly options: CircuitBreaker.Options;

  /** @param traffic `seldom` for calls that are made one at a time. */
  constructor(traffic: 'usual' | 'seldom' = 'usual') {
    this.options = traffic === 'seldom' ? { ...OPTIONS, ...SELDOM } : OPTIONS;
  }

  /**
   * Makes a call to a host, unless the circuit of the host or of the shop is open.
   *
   * @throws AppmaxFailure `suspended` if a circuit is open; the call's own errors.
   */
  async call<Value>({ url, operation, shop }: CircuitCall, work: () => Promise<Value>): Promise<Value> {
    const { host } = new URL(url);
    const throughHost = (): Promise<Value> => this.ofHost(host, { operation, shop }, work);
    return shop === undefined ? throughHost() : this.ofShop(`${host} ${shop}`, operation, throughHost);
  }

  /** Counts the open circuits. */
  get open(): OpenCircuits {
    const isOpen = (breaker: Breaker): boolean => breaker.opened;
    return {
      hosts: [...this.hosts.values()].filter(({ breaker }) => isOpen(breaker)).length,
      shops: [...this.shops.values()].filter(isOpen).length,
    };
  }

  shutdown(): void {
    for (const { breaker } of this.hosts.values()) breaker.shutdown();
    this.shops.clear();
  }

  private ofShop<Value>(key: string, operation: string, work: () => Promise<Value>): Promise<Value> {
    let breaker = this.shops.get(key);
    if (breaker === undefined) {
      breaker = this.breaker(key, {
        open: 'Appmax is failing for a shop: none of its calls are sent until Appmax answers again',
        close: 'Appmax answers the shop again',
      });
      this.shops.set(key, breaker);
    }
    return throughBreaker(breaker, operation, { work, counts: isCountedOutage });
  }

  private ofHost<Value>(
    host: string,
    { operation, shop }: Omit<CircuitCall, 'url'>,
    work: () => Promise<Value>,
  ): Promise<Value> {
    let known = this.hosts.get(host);
    if (known === undefined) {
      const breaker = this.breaker(host, {
        open: 'Appmax is failing: no calls are sent until it answers again',
        close: 'Appmax answers again',
      });
      known = { breaker, evidence: new HostEvidence((this.options.rollingCountTimeout ?? 0) / 1000) };
      this.hosts.set(host, known);
    }
    const { breaker, evidence } = known;
    return throughBreaker(breaker, operation, {
      work: async () => {
        const value = await work();
        evidence.answered(shop);
        return value;
      },
      counts: (error) => {
        if (!(error instanceof AppmaxFailure)) return false;
        if (isOutage(error)) return evidence.failed(shop, error.kind);
        if (error.status !== undefined) evidence.answered(shop);
        return false;
      },
    });
  }

  private breaker(name: string, { open, close }: { open: string; close: string }): Breaker {
    const breaker: Breaker = new CircuitBreaker((work: () => Promise<Passed>) => work(), {
      ...this.options,
      name,
    });
    breaker.on('open', () => {
      this.logger.warn(open);
    });
    breaker.on('close', () => {
      this.logger.log(close);
    });
    return breaker;
  }
}

function isCountedOutage(error: unknown): boolean {
  return error instanceof AppmaxFailure && isOutage(error);
}

async function throughBreaker<Value>(
  breaker: Breaker,
  operation: string,
  { work, counts }: { work: () => Promise<Value>; counts: (error: unknown) => boolean },
): Promise<Value> {
  const passed = await breaker
    .fire(async () => {
      try {
        return { value: await work() };
      } catch (error) {
        if (counts(error)) throw error;
        return { error };
      }
    })
    .catch((error: unknown) => {
      if (!CircuitBreaker.isOurError(error as Error)) throw error;
      throw new AppmaxFailure('suspended', operation, { retryAfterSeconds: RESET_SECONDS });
    });
  if ('error' in passed) throw passed.error;
  return passed.value as Value;
}
