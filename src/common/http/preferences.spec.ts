import { acceptedEncoding, readerLanguage, wantsPage } from './preferences';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('wantsPage', () => {
  it.each<[string | undefined, boolean]>([
    [BROWSER, true],
    ['text/html', true],
    ['  TEXT/HTML;q=0.9', true],
    ['application/xhtml+xml, text/html', true],
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['application/json, text/html', false],
    ['text/plain', false],
    ['text/html;q=0.1, application/json', false],
    ['application/json;q=0.5, text/html;q=0.9', true],
    ['application/json;q=0, text/html;q=0.1', true],
    ['text/html;q=0, */*', false],
    ['*/*;q=0.1, text/html', true],
    ['*/*, text/html', false],
    ['text/*', true],
    ['text/html; level="1,2" ; Q=0.9, application/json; q=0.8', true],
    ['text/html;q=x', false],
  ])('a client that accepts "%s" is a browser: %s', (accept, expected) => {
    expect(wantsPage(accept)).toBe(expected);
  });
});

describe('acceptedEncoding', () => {
  it.each<[string | undefined, string | undefined]>([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['identity', undefined],
    ['*;q=0', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('an answer to Accept-Encoding %j is compressed by %s', (header, expected) => {
    expect(acceptedEncoding(header)).toBe(expected);
  });
});

describe('readerLanguage', () => {
  it.each<[string | undefined, string | undefined]>([
    ['pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['EN-gb', 'en'],
    ['fr, en;q=0.5', 'en'],
    ['en;q=0.5, pt;q=0.6', 'pt-BR'],
    ['en;q=0, pt', 'pt-BR'],
    ['pt;q=0, en;q=0.1', 'en'],
    ['en, pt', 'en'],
    ['de', undefined],
    ['*', undefined],
    ['', undefined],
    ['english', undefined],
    [undefined, undefined],
  ])('a reader with Accept-Language %j reads %s', (header, expected) => {
    expect(readerLanguage(header)).toBe(expected);
  });
});
