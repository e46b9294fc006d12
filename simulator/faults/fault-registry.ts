import { type Fault, type FaultRequest, type FaultTarget, matchesRoute } from './fault';

/** The active faults. The first one that matches a call applies to it. */
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

  /** Removes a fault. @returns true if it existed */
  remove(id: number): boolean {
    const before = this.faults.length;
    this.faults = this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  clear(): void {
    this.faults = [];
  }

  /** Returns the fault that applies to this call, and counts it; undefined if none does. */
  match(target: FaultTarget): Fault | undefined {
    for (const fault of this.faults) {
      if (this.applies(fault, target)) {
        fault.hits += 1;
        return fault;
      }
    }
    return undefined;
  }

  private applies(fault: Fault, target: FaultTarget): boolean {
    if (fault.times !== null && fault.hits >= fault.times) return false;
    if (!matchesRoute(fault.route, target)) return false;
    // Only calls with a merchant's token have an effect that can be delayed.
    if (fault.kind === 'late' && !target.pattern.startsWith('/v1/')) return false;
    if (fault.external_key !== undefined && fault.external_key !== target.externalKey) return false;
    fault.seen += 1;
    if (fault.seen <= fault.skip) return false;
    return fault.probability >= 1 || this.random() < fault.probability;
  }
}
