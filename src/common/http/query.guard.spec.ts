import 'reflect-metadata';
import { Query } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { Access } from '../access/access.decorator';
import { QueryGuard } from './query.guard';
import { QueryText } from './query-text';

const TEXT = { description: 'A text.', example: 'a' };

class Routes {
  @Access('storefront')
  storefront(@QueryText('first', TEXT) first?: string, @QueryText('second', TEXT) second?: string): unknown {
    return [first, second];
  }

  @Access('secret', 'read')
  secret(): void {
    return;
  }

  @Access('secret', 'read')
  list(@Query() query: object): object {
    return query;
  }

  @Access('public')
  open(@QueryText('token', TEXT) token?: string): unknown {
    return token;
  }
}

/** Returns the names of the parameters that the guard refuses. */
function refusedOf(route: keyof Routes, query: Record<string, unknown>, accept?: string): unknown {
  const request = { query, headers: { accept } };

  const context = new ExecutionContextHost([request], Routes, Routes.prototype[route]);
  try {
    return new QueryGuard(new Reflector()).canActivate(context);
  } catch (error) {
    const body = (error as { getResponse(): { errors: { field: string }[] } }).getResponse();
    return body.errors.map(({ field }) => field);
  }
}

describe('QueryGuard', () => {
  it.each<[keyof Routes, Record<string, unknown>, unknown]>([
    ['storefront', {}, true],
    ['storefront', { first: 'a', second: 'b' }, true],
    ['storefront', { first: 'a', third: 'c', fourth: 'd' }, ['third', 'fourth']],
    ['storefront', { first: ['a', 'b'] }, ['first']],
    ['storefront', { _: '1732734000000' }, true],
    ['secret', { first: 'a' }, ['first']],
    ['secret', { constructor: 'a' }, ['constructor']],
    ['list', { anything: 'a' }, true],
    ['open', { token: 'a', utm_source: 'b' }, true],
    ['open', { token: ['a', 'b'] }, ['token']],
  ])('of the route %s with the query %j, the guard passes or refuses %j', (route, query, expected) => {
    expect(refusedOf(route, query)).toEqual(expected);
  });

  it('a browser that gives a parameter of a public route twice gets the page of the route', () => {
    expect(refusedOf('open', { token: ['a', 'b'] }, 'text/html')).toBe(true);
    expect(refusedOf('storefront', { other: 'a' }, 'text/html')).toEqual(['other']);
  });
});
