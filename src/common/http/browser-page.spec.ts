import 'reflect-metadata';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { lastValueFrom, of, throwError } from 'rxjs';
import { ApiError } from '../errors/api-error';
import { BrowserPage, BrowserPageInterceptor, BrowserPages } from './browser-page';
import { CachedContent } from './cached-content';
import { LOCALISED_PAGE_HEADERS, PAGE_HEADERS } from './page';
import { MissingParameter } from './page-instead';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const named = ({ name }: { name: string }): string => `<p>${name}</p>`;

const constant = jest.fn((_: never, language: unknown) => `<p>${String(language)}</p>`);

class Routes {
  @BrowserPage(named)
  withPage(): void {
    return;
  }

  @BrowserPages({ answer: named, always: true })
  withPageForAll(): void {
    return;
  }

  @BrowserPages({ answer: constant, always: true, constant: true, localised: true })
  withConstantPage(): void {
    return;
  }

  @BrowserPages({ missing: ({ app_id: appId }) => `<form>${String(appId)}</form>` })
  withForm(): void {
    return;
  }

  @BrowserPages({
    answer: ({ name }: { name: string }, language) => `${String(language)} ${name}`,
    refusal: ({ message }, language) => (message === 'known' ? `${String(language)} page` : undefined),
    localised: true,
  })
  inTwoLanguages(): void {
    return;
  }

  withoutPage(): void {
    return;
  }
}

interface Answered {
  body: unknown;
  headers: object;
}

async function answer(
  handler: () => void,
  accept: string | undefined,
  outcome: unknown = { name: 'Shop' },
  language?: string,
  interceptor = new BrowserPageInterceptor(new Reflector()),
): Promise<Answered> {
  let headers = {};
  const reply = {
    headers(values: object) {
      headers = values;
      return reply;
    },
  };
  const context = new ExecutionContextHost(
    [{ headers: { accept, 'accept-language': language } }, reply],
    Routes,
    handler,
  );
  const body = interceptor.intercept(context, {
    handle: () => (outcome instanceof Error ? throwError(() => outcome) : of(outcome)),
  });
  return { body: await lastValueFrom(body), headers };
}

/** Returns the error that reaches the exception filter. */
async function thrown(handler: () => void, accept: string | undefined, outcome: Error): Promise<unknown> {
  const error: unknown = await answer(handler, accept, outcome).catch((caught: unknown) => caught);
  if (!(error instanceof ApiError)) return error;
  return { status: error.getStatus(), body: error.getResponse(), headers: error.headers };
}

const { withPage, withPageForAll, withConstantPage, withForm, inTwoLanguages, withoutPage } =
  Routes.prototype;

describe('BrowserPageInterceptor', () => {
  it('a browser gets the page of an answer, with a Vary header for caches', async () => {
    expect(await answer(withPage, BROWSER)).toEqual({ body: '<p>Shop</p>', headers: PAGE_HEADERS });
    expect(PAGE_HEADERS).toMatchObject({ 'Content-Type': 'text/html; charset=utf-8', Vary: 'Accept' });
  });

  it.each([
    ['another client, of a route with a page', withPage, 'application/json'],
    ['a browser, of a route without a page', withoutPage, BROWSER],
    ['a browser, of a route that has a form only', withForm, BROWSER],
  ])('the answer itself is sent to %s', async (_, handler, accept) => {
    expect(await answer(handler, accept)).toEqual({ body: { name: 'Shop' }, headers: {} });
  });

  it('a route that has only a page sends it to every client', async () => {
    expect((await answer(withPageForAll, undefined)).body).toBe('<p>Shop</p>');
  });

  it('a constant page is rendered once for each language, and the same bytes are sent', async () => {
    const interceptor = new BrowserPageInterceptor(new Reflector());
    const pages = [];
    for (const language of ['en', 'pt-BR', 'en', 'pt-BR'])
      pages.push((await answer(withConstantPage, undefined, {}, language, interceptor)).body);
    expect(constant).toHaveBeenCalledTimes(2);
    expect(pages[2]).toBe(pages[0]);
    expect(pages[3]).toBe(pages[1]);
    expect(pages[0]).toBeInstanceOf(CachedContent);
    expect((pages as CachedContent[]).map(({ bytes }) => bytes.toString()).slice(0, 2)).toEqual([
      '<p>en</p>',
      '<p>pt-BR</p>',
    ]);
  });

  it('a browser gets a form for missing parameters', async () => {
    const missing = new MissingParameter('external_key', { app_id: '42' });
    expect(await thrown(withForm, BROWSER, missing)).toEqual({
      status: 200,
      body: '<form>42</form>',
      headers: PAGE_HEADERS,
    });
    expect(await thrown(withForm, 'application/json', missing)).toEqual({
      status: 400,
      body: { message: 'external_key is required', code: 'external_key_is_required' },
      headers: {},
    });
  });

  it.each([
    ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR'],
    ['en-US,en;q=0.9', 'en'],
    ['de', 'undefined'],
  ])('a reader who prefers %s gets the localised page in %s', async (language, expected) => {
    const page = await answer(inTwoLanguages, BROWSER, undefined, language);
    expect(page).toEqual({ body: `${expected} Shop`, headers: LOCALISED_PAGE_HEADERS });
    await expect(answer(inTwoLanguages, BROWSER, new ApiError(401, 'known'), language)).rejects.toMatchObject(
      { html: `${expected} page`, headers: LOCALISED_PAGE_HEADERS },
    );
  });

  it('a browser gets an error as a page with the same status and headers', async () => {
    const failure = new ApiError(503, 'try <later>', { headers: { 'Retry-After': '5' } });
    expect(await thrown(withPage, BROWSER, failure)).toEqual({
      status: 503,
      body: expect.stringContaining('<p>try &lt;later&gt;</p>') as string,
      headers: { 'Retry-After': '5', ...PAGE_HEADERS },
    });
    const bug = new Error('a bug');
    expect(await thrown(withPage, BROWSER, bug)).toBe(bug);
  });
});
