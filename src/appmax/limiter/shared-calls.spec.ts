import { MerchantLimiter, type OuterLimit } from './merchant-limiter';
import { type ByPriority, PRIORITIES, type Priority, type Rate, sharedReservedOf } from './priority';
import type { SharedTokens } from './shared-limit';

const RATE = { burst: 50, perSecond: 5 };

/** The bucket that Redis keeps, with the script's rules. `delay` is the time in ms until its answer. */
class SharedBucket implements OuterLimit {
  isAsked = true;
  delay = 1;
  readonly own: [reason: string, calls: number][] = [];
  private at = performance.now();

  constructor(
    private readonly rate: Rate,
    private tokens = rate.burst,
  ) {}

  async take(_: string, wanted: ByPriority): Promise<SharedTokens | undefined> {
    await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (!this.isAsked) return undefined;
    const now = performance.now();
    this.tokens = Math.min(this.rate.burst, this.tokens + ((now - this.at) / 1000) * this.rate.perSecond);
    this.at = now;
    const granted = { payment: 0, shopper: 0, background: 0 };
    for (const each of PRIORITIES) {
      const free = Math.floor(this.tokens - sharedReservedOf(this.rate)[each]);
      granted[each] = Math.max(0, Math.min(wanted[each], free));
      this.tokens -= granted[each];
    }
    return { granted, left: this.tokens };
  }

  countOwn(reason: string, calls: number): void {
    if (calls > 0) this.own.push([reason, calls]);
  }
}

describe('MerchantLimiter with a limit of all instances', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  interface Notes {
    readonly sent: { at: number; priority: Priority }[];
    refused: number;
  }

  const newNotes = (): Notes => ({ sent: [], refused: 0 });

  const call = (limiter: MerchantLimiter, priority: Priority, notes: Notes): void => {
    limiter.acquire('shop', priority).then(
      (release) => {
        notes.sent.push({ at: performance.now() / 1000, priority });
        setTimeout(release, 50);
      },
      () => (notes.refused += 1),
    );
  };

  it('instances together send no more than burst and rate allow, and no payment waits behind other calls', async () => {
    const shared = new SharedBucket(RATE);
    const instances = [1, 2, 3].map(() => new MerchantLimiter(RATE, shared));
    const notes = newNotes();
    for (let tick = 0; tick < 200; tick += 1) {
      for (const [index, instance] of instances.entries()) {
        call(instance, PRIORITIES[(tick + index) % 3]!, notes);
      }
      await jest.advanceTimersByTimeAsync(100);
    }
    await jest.advanceTimersByTimeAsync(60_000);
    for (const { at: from } of notes.sent) {
      for (const { at: to } of notes.sent.filter(({ at }) => at >= from)) {
        const between = notes.sent.filter(({ at }) => at >= from && at <= to).length;
        // Payments come at 10 a second: those that have waited for 10 s are sent, whatever the shared limit is.
        const past = shared.own.reduce((sum, [, calls]) => sum + calls, 0);
        expect(between).toBeLessThanOrEqual(50 + (to - from) * 5 + 1 + past);
      }
    }
    const others = notes.sent.filter(({ at, priority }) => priority !== 'payment' && at > 12 && at < 20);
    expect(others).toEqual([]);
  });

  it('a payment that the shared bucket never grants is sent after 10 s, any other call is refused', async () => {
    const shared = new SharedBucket({ burst: 50, perSecond: 0 }, 0);
    const limiter = new MerchantLimiter(RATE, shared);
    const notes = newNotes();
    for (const priority of PRIORITIES) call(limiter, priority, notes);
    await jest.advanceTimersByTimeAsync(10_050);
    expect([notes.sent, notes.refused]).toEqual([[], 0]);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(notes.sent.map(({ priority }) => priority)).toEqual(['payment']);
    expect(notes.refused).toBe(2);
    expect(shared.own).toEqual([['longest_wait', 1]]);
  });

  it('every call that an instance alone would send is sent when Redis does not answer, at once', async () => {
    const shared = new SharedBucket(RATE, 0);
    const [together, alone] = [new MerchantLimiter(RATE, shared), new MerchantLimiter(RATE)];
    shared.isAsked = false;
    const notes = [newNotes(), newNotes()] as const;
    for (let tick = 0; tick < 60; tick += 1) {
      call(together, PRIORITIES[tick % 3]!, notes[0]);
      call(alone, PRIORITIES[tick % 3]!, notes[1]);
    }
    await jest.advanceTimersByTimeAsync(0);
    expect(notes[0].sent.length).toBeGreaterThan(40);
    expect(notes[0]).toEqual(notes[1]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(notes[0]).toEqual(notes[1]);
    expect(shared.own.every(([reason]) => reason === 'no_answer')).toBe(true);
  });

  it('calls that were asked for when Redis stopped to answer are sent by the bucket of the instance', async () => {
    const shared = new SharedBucket(RATE);
    shared.delay = 500;
    const limiter = new MerchantLimiter(RATE, shared);
    const notes = newNotes();
    call(limiter, 'payment', notes);
    await jest.advanceTimersByTimeAsync(100);
    shared.isAsked = false;
    call(limiter, 'payment', notes);
    await jest.advanceTimersByTimeAsync(400);
    expect(notes.sent).toHaveLength(2);
  });

  it('a payment that comes while Redis is asked for another call is not lost', async () => {
    const shared = new SharedBucket(RATE, 1.5);
    const limiter = new MerchantLimiter(RATE, shared);
    const notes = newNotes();
    call(limiter, 'background', notes);
    call(limiter, 'payment', notes);
    await jest.advanceTimersByTimeAsync(10);
    expect(notes.sent.map(({ priority }) => priority)).toEqual(['payment']);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(notes.sent.map(({ priority }) => priority)).toEqual(['payment', 'background']);
  });
});
