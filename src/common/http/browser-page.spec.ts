import 'reflect-metadata';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { lastValueFrom, of } from 'rxjs';
import { BrowserPage, BrowserPageInterceptor, wantsPage } from './browser-page';

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
  ])('takes a client that accepts "%s" for a browser: %s', (accept, expected) => {
    expect(wantsPage(accept)).toBe(expected);
  });
});

class Routes {
  @BrowserPage(({ name }: { name: string }) => `<p>${name}</p>`)
  withPage(): void {
    return;
  }

  withoutPage(): void {
    return;
  }
}

async function answer(
  handler: () => void,
  accept: string | undefined,
): Promise<{ body: unknown; headers: object }> {
  const headers: Record<string, string> = {};
  const reply = {
    type(value: string) {
      headers['content-type'] = value;
      return reply;
    },
    header(name: string, value: string) {
      headers[name.toLowerCase()] = value;
      return reply;
    },
  };
  const context = new ExecutionContextHost([{ headers: { accept } }, reply], Routes, handler);
  const body = new BrowserPageInterceptor(new Reflector()).intercept(context, {
    handle: () => of({ name: 'Shop' }),
  });
  return { body: await lastValueFrom(body), headers };
}

describe('BrowserPageInterceptor', () => {
  it('gives a browser the page of an answer, and caches word that others get something else', async () => {
    expect(await answer(Routes.prototype.withPage, BROWSER)).toEqual({
      body: '<p>Shop</p>',
      headers: { 'content-type': 'text/html; charset=utf-8', vary: 'Accept' },
    });
  });

  it.each([
    ['another client, of a route with a page', Routes.prototype.withPage, 'application/json'],
    ['a browser, of a route without a page', Routes.prototype.withoutPage, BROWSER],
  ])('gives the answer itself to %s', async (_, handler, accept) => {
    expect(await answer(handler, accept)).toEqual({ body: { name: 'Shop' }, headers: {} });
  });
});
