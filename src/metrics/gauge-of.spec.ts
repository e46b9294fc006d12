import { Registry } from 'prom-client';
import { gaugeOf } from './gauge-of';

describe('gaugeOf', () => {
  it('a gauge reads its values at each collection, and drops the old ones', async () => {
    const registry = new Registry();
    const readings = [{ open: 3 }, { closed: 1 }];
    gaugeOf(registry, { name: 'doors', help: 'Doors', read: () => readings.shift() ?? {} });
    expect(await registry.metrics()).toContain('doors{state="open"} 3');
    const again = await registry.metrics();
    expect(again).toContain('doors{state="closed"} 1');
    expect(again).not.toContain('open');
  });

  it.each<[string, () => Promise<never>]>([
    ['can not be read', () => Promise.reject(new Error('no key'))],
    ['does not end', () => new Promise(() => undefined)],
  ])('a gauge that %s has no value, and does not affect the others', async (_, read) => {
    const registry = new Registry();
    gaugeOf(registry, { name: 'doors', help: 'Doors', read });
    gaugeOf(registry, { name: 'windows', help: 'Windows', read: () => ({ open: 2 }) });
    const text = await registry.metrics();
    expect(text).not.toContain('doors{');
    expect(text).toContain('windows{state="open"} 2');
  });
});
