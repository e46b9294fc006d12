import { SimulatedClock } from './simulated-clock';

describe('SimulatedClock', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') }));
  afterEach(() => jest.useRealTimers());

  function scheduled(clock: SimulatedClock, ...seconds: number[]): number[] {
    const happened: number[] = [];
    for (const second of seconds) clock.schedule(clock.now() + second * 1000, () => happened.push(second));
    return happened;
  }

  it('has things happen when real time reaches them', () => {
    const clock = new SimulatedClock();
    const happened = scheduled(clock, 10, 5);
    jest.advanceTimersByTime(5000);
    expect(happened).toEqual([5]);
    jest.advanceTimersByTime(5000);
    expect(happened).toEqual([5, 10]);
  });

  it('can be stopped, and goes on where it stopped', () => {
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

  it('can be sped up', () => {
    const clock = new SimulatedClock();
    const happened = scheduled(clock, 3600);
    clock.setSpeed(3600);
    jest.advanceTimersByTime(1000);
    expect(happened).toEqual([3600]);
    expect(clock.state().now).toBe('2026-01-01T01:00:00.000Z');
  });

  it('moves forward through everything on the way, each thing at its own time', () => {
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

  it('waits for what is further away than a timer reaches', () => {
    const clock = new SimulatedClock();
    const days = 60 * 86_400;
    const happened = scheduled(clock, days);
    jest.advanceTimersByTime(days * 1000 - 1);
    expect(happened).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(happened).toEqual([days]);
  });

  it('forgets everything on reset', () => {
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
