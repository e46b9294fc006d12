import 'reflect-metadata';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { ApiError } from '../errors/api-error';
import { Access, type RequestAccess } from './access.decorator';
import { AccessGuard } from './access.guard';
import { SecretKeys } from './secret-keys';

const KEY = 'a-key-of-sixteen-and-more';

class Undeclared {
  nothing(): void {
    return;
  }

  @Access('public')
  publicly(): void {
    return;
  }

  @Access('storefront')
  storefront(): void {
    return;
  }

  @Access('secret')
  secretly(): void {
    return;
  }

  @Access('anyone' as 'public')
  misspelt(): void {
    return;
  }
}

@Access('secret')
class SecretByClass {
  nothing(): void {
    return;
  }

  @Access('public')
  publicly(): void {
    return;
  }
}

type Controller = typeof Undeclared | typeof SecretByClass;

interface Caller extends RequestAccess {
  readonly headers: { authorization?: string };
}

const guard = new AccessGuard(new Reflector(), new SecretKeys([KEY]));
const withKey = (): Caller => ({ headers: { authorization: `Bearer ${KEY}` } });
const withoutKey = (): Caller => ({ headers: {} });

function enter(type: Controller, method: string, caller: Caller): boolean {
  const handler = (type.prototype as unknown as Record<string, () => void>)[method]!;
  return guard.canActivate(new ExecutionContextHost([caller], type, handler));
}

describe('AccessGuard', () => {
  it.each<[string, Controller, string, boolean, boolean]>([
    ['public', Undeclared, 'publicly', true, true],
    ['storefront', Undeclared, 'storefront', true, true],
    ['secret', Undeclared, 'secretly', false, true],
    ['secret by its class', SecretByClass, 'nothing', false, true],
    ['public within a secret class', SecretByClass, 'publicly', true, true],
    ['undeclared', Undeclared, 'nothing', false, false],
    ['of a level that does not exist', Undeclared, 'misspelt', false, false],
  ])('a route that is %s admits callers according to the table', (_, type, method, anyone, holder) => {
    const outcome = (caller: Caller): boolean => {
      try {
        return enter(type, method, caller);
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
    };
    expect(outcome(withoutKey())).toBe(anyone);
    expect(outcome({ headers: { authorization: 'Bearer another-key-altogether' } })).toBe(anyone);
    expect(outcome(withKey())).toBe(holder);
  });

  it('a refused caller gets 401 with a WWW-Authenticate header', () => {
    expect.assertions(3);
    try {
      enter(Undeclared, 'secretly', withoutKey());
    } catch (error) {
      const refused = error as ApiError;
      expect(refused.getStatus()).toBe(401);
      expect(refused.getResponse()).toEqual({ message: 'unauthorized', code: 'unauthorized' });
      expect(refused.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="appmax-checkout"' });
    }
  });

  it.each([
    ['with', true],
    ['without', false],
  ])('the request of a public route records that it came %s a key', (_, holds) => {
    const caller = holds ? withKey() : withoutKey();
    enter(Undeclared, 'publicly', caller);
    expect(caller.holdsSecretKey).toBe(holds);
  });
});
