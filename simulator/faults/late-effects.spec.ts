import { LateEffects } from './late-effects';

describe('LateEffects', () => {
  let happened: string[];
  let effects: LateEffects;
  const note = (name: string) => (): Promise<void> => {
    happened.push(name);
    return Promise.resolve();
  };

  beforeEach(() => {
    jest.useFakeTimers();
    happened = [];
    effects = new LateEffects();
  });
  afterEach(() => jest.useRealTimers());

  it('a late effect happens once, after its seconds have passed', () => {
    effects.schedule(2, note('second'));
    effects.schedule(1, note('first'));
    jest.advanceTimersByTime(1999);
    expect(happened).toEqual(['first']);
    expect(effects.pending).toBe(1);
    jest.advanceTimersByTime(5000);
    expect(happened).toEqual(['first', 'second']);
  });

  it('pending effects can be run at once, in the order of the calls', async () => {
    effects.schedule(2, note('a'));
    effects.schedule(1, note('b'));
    expect(await effects.runAll()).toBe(2);
    jest.advanceTimersByTime(5000);
    expect(happened).toEqual(['a', 'b']);
  });

  it('an effect that was cleared never happens', () => {
    effects.schedule(1, note('a'));
    effects.clear();
    jest.advanceTimersByTime(5000);
    expect([happened, effects.pending]).toEqual([[], 0]);
  });

  it('an effect is refused if 1000 are pending', () => {
    for (let count = 0; count < 1000; count += 1) expect(effects.schedule(1, note('a'))).toBe(true);
    expect(effects.schedule(1, note('b'))).toBe(false);
    expect(effects.pending).toBe(1000);
  });

  it('a pending effect does not keep the process alive', () => {
    jest.useRealTimers();
    const timer = jest.spyOn(globalThis, 'setTimeout');
    effects.schedule(60, note('a'));
    expect((timer.mock.results[0]?.value as NodeJS.Timeout).hasRef()).toBe(false);
    effects.clear();
    timer.mockRestore();
  });
});
