import { CONSOLE_HEADERS, consolePage } from './console-page';

describe('the page of the console', () => {
  it('it names its files and its language, and has nothing inline', () => {
    const page = consolePage({ script: 'console-1.js', stylesheets: ['console-2.css'] }, 'en');
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<script type="module" src="/web/console-1.js"></script>');
    expect(page).toContain('<link rel="stylesheet" href="/web/console-2.css">');
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=/);
  });

  it('its policy allows neither inline code nor other hosts, frames or forms', () => {
    const policy = CONSOLE_HEADERS['Content-Security-Policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(CONSOLE_HEADERS['Cache-Control']).toBe('no-store');
  });
});
