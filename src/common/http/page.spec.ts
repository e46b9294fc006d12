import fc from 'fast-check';
import { escapeHtml, markup, page } from './page';

describe('escapeHtml', () => {
  it.each([
    ['', ''],
    ['Shop', 'Shop'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['" onload="x', '&quot; onload=&quot;x'],
    ["it's", 'it&#39;s'],
    ['a & b', 'a &amp; b'],
    ['&lt;', '&amp;lt;'],
    ['São João 😀', 'São João 😀'],
  ])('%j is escaped as %j', (text, expected) => {
    expect(escapeHtml(text)).toBe(expected);
  });

  it('an escaped text opens no element, attribute or entity, and loses nothing', () => {
    const characters: Record<string, string> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#39;': "'",
    };
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ';', 'l', 't', '#') }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        expect(escaped.replace(/&[^;]+;/g, (entity) => characters[entity] ?? '?')).toBe(text);
      }),
    );
  });
});

describe('markup', () => {
  it('texts in a template are escaped, and pieces of markup are not', () => {
    const items = ['a & b', '<i>'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul title="${'"'}">${items}</ul>${markup`<hr>`}`.text).toBe(
      '<ul title="&quot;"><li>a &amp; b</li><li>&lt;i&gt;</li></ul><hr>',
    );
  });
});

describe('page', () => {
  it('the title and the paragraphs of a page are escaped', () => {
    const html = page('<Shop>', ['a & b', '<img src=x>']);
    expect(html).toContain('<title>&lt;Shop&gt;</title>');
    expect(html).toContain('<h1>&lt;Shop&gt;</h1>');
    expect(html).toContain('<p>a &amp; b</p><p>&lt;img src=x&gt;</p>');
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
  });

  it('the link to the other language keeps the known values, and only pages with a query have it', () => {
    const html = page('Loja', [], 'pt-BR', { query: { app_id: 'a&b', external_key: undefined } });
    expect(html).toContain('<a href="?app_id=a%26b&amp;lang=en" lang="en" hreflang="en">English</a>');
    expect(page('Loja', [], 'pt-BR')).not.toContain('hreflang');
  });
});
