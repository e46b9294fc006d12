import { SimulatedClock } from './simulated-clock';

describe('SimulatedClock', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') }));
  afterEach(() => jest.useRealTimers());

  function scheduled(clock: SimulatedClock, ...seconds: number[]): number[] {
    const happened: number[] = [];
    for (const second of seconds) clock.schedule(clock.now() + second * 1000, () => happened.push(second));
    return happened;
  }

  it('a callback runs when real time reaches its time', () => {
    const clock = new SimulatedClock();
    const happened = scheduled(clock, 10, 5);
    jest.advanceTimersByTime(5000);
    expect(happened).toEqual([5]);
    jest.advanceTimersByTime(5000);
    expect(happened).toEqual([5, 10]);
  });

  it('a stopped clock continues at the time at which it stopped', () => {
    const clock = new SimulatedClock();
    const happened = scheduled(clock, 5);
    jest.advanceTimersByTime(2000);
    clock.stop();
    jest.advanceTimersByTime(60_000);
    expect(happened).toEqual([]);
    expect(clock.state()).toMatchObject({ running: false, now: '2026-01-01T00:00:02.000Z', scheduled: 1 });
    clock.start();
    jest.advanceTimersByTime(2999);
    expect(happened).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(happened).toEqual([5]);
  });

  it('a clock with a speed of 3600 runs 3600 times as fast as real time', () => {
    const clock = new SimulatedClock();
    const happened = scheduled(clock, 3600);
    clock.setSpeed(3600);
    jest.advanceTimersByTime(1000);
    expect(happened).toEqual([3600]);
    expect(clock.state().now).toBe('2026-01-01T01:00:00.000Z');
  });

  it('advancing the clock runs each callback that falls due at its own time', () => {
    const clock = new SimulatedClock();
    clock.stop();
    const seen: string[] = [];
    const note = (): void => {
      seen.push(new Date(clock.now()).toISOString());
    };
    clock.schedule(clock.now() + 20_000, note);
    clock.schedule(clock.now() + 10_000, () => {
      note();
      clock.schedule(clock.now() + 5000, note);
    });
    clock.advance(3600);
    expect(seen).toEqual([
      '2026-01-01T00:00:10.000Z',
      '2026-01-01T00:00:15.000Z',
      '2026-01-01T00:00:20.000Z',
    ]);
    expect(clock.state().now).toBe('2026-01-01T01:00:00.000Z');
  });

  it('a callback runs on time even if it is later than the longest Node timer', () => {
    const clock = new SimulatedClock();
    const days = 60 * 86_400;
    const happened = scheduled(clock, days);
    jest.advanceTimersByTime(days * 1000 - 1);
    expect(happened).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(happened).toEqual([days]);
  });

  it('a reset removes all callbacks and returns to real time', () => {
    const clock = new SimulatedClock();
    const happened = scheduled(clock, 5);
    clock.advance(1);
    clock.setSpeed(10);
    clock.reset();
    jest.advanceTimersByTime(10_000);
    expect(happened).toEqual([]);
    expect(clock.state()).toMatchObject({ now: '2026-01-01T00:00:10.000Z', speed: 1, running: true });
  });
});
