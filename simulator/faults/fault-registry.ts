import { type Fault, type FaultRequest, type FaultTarget, matchesRoute } from './fault';

/** The faults in force; the first that matches a call is done to it. */
export class FaultRegistry {
  private faults: Fault[] = [];
  private lastId = 0;

  constructor(private readonly random: () => number = Math.random) {}

  add(request: FaultRequest): Fault {
    this.lastId += 1;
    const fault: Fault = { ...request, id: this.lastId, seen: 0, hits: 0 };
    this.faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  /** @returns whether there was one */
  remove(id: number): boolean {
    const before = this.faults.length;
    this.faults = this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  clear(): void {
    this.faults = [];
  }

  /** The fault that this call suffers, which counts as done; undefined leaves the call alone. */
  strike(target: FaultTarget): Fault | undefined {
    for (const fault of this.faults) {
      if (this.strikes(fault, target)) {
        fault.hits += 1;
        return fault;
      }
    }
    return undefined;
  }

  private strikes(fault: Fault, target: FaultTarget): boolean {
    if (fault.times !== null && fault.hits >= fault.times) return false;
    if (!matchesRoute(fault.route, target)) return false;
    // Only a merchant's calls have an effect that can be put off.
    if (fault.kind === 'late' && !target.pattern.startsWith('/v1/')) return false;
    if (fault.external_key !== undefined && fault.external_key !== target.externalKey) return false;
    fault.seen += 1;
    if (fault.seen <= fault.skip) return false;
    return fault.probability >= 1 || this.random() < fault.probability;
  }
}
