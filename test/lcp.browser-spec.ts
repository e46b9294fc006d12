import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { startChromium } from './support/browser';
import { FakeSession } from './support/fake-session';
import { externalId, SimulatorWorld } from './support/simulator-world';

it('lcp', async () => {
  const simulator = await SimulatorWorld.start('g2');
  const session = await FakeSession.start(`${simulator.origin}/appmax.min.js`);
  session.reset(externalId);
  const browser = await startChromium();
  const results: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const context = await browser.newContext({ viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.addInitScript(`window.lcp = []; new PerformanceObserver((list) => list.getEntries().forEach((e) => lcp.push([e.startTime, e.element?.tagName + ' ' + (e.element?.textContent ?? '').slice(0, 30)]))).observe({ type: 'largest-contentful-paint', buffered: true });`);
    await page.goto(session.url);
    await page.waitForSelector('.summary');
    await page.waitForTimeout(1500);
    const lcp = await page.evaluate<[number, string][]>('lcp');
    process.stderr.write(`${JSON.stringify(lcp)}\n`);
    results.push(lcp.at(-1)![0]);
    await context.close();
  }
  const sizes = readdirSync('dist/web').filter((f) => /js|css/.test(f)).map((f) => [f, readFileSync(`dist/web/${f}`).length, gzipSync(readFileSync(`dist/web/${f}`)).length]);
  process.stderr.write(`LCP ${JSON.stringify(results.sort((a, b) => a - b))} sizes ${JSON.stringify(sizes)}\n`);
  await browser.close();
  await session.close();
  await simulator.close();
});
