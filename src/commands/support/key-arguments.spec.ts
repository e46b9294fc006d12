import { UsageError } from './arguments';
import { createKeyArguments, revokeKeyArguments } from './key-arguments';

const NOW = new Date('2026-02-01T12:00:00Z');
const NAMED = ['--name', 'shop-backend', '--scopes'];

describe('createKeyArguments', () => {
  it('all options of a new key are read', () => {
    const args = [...NAMED, 'read, operate', '--shop', 'shop-42', '--expires', '90d'];
    expect(createKeyArguments(args, NOW)).toEqual({
      name: 'shop-backend',
      scopes: ['read', 'operate'],
      externalKey: 'shop-42',
      expiresAt: new Date('2026-05-02T12:00:00Z'),
    });
  });

  it('a key has no shop and no expiry by default', () => {
    expect(createKeyArguments([...NAMED, 'manage'], NOW)).toMatchObject({
      scopes: ['manage'],
      externalKey: undefined,
      expiresAt: undefined,
    });
  });

  it.each<[string[], string]>([
    [['--scopes', 'read'], '--name is required'],
    [['--name', 'x'.repeat(65), '--scopes', 'read'], '--name is required'],
    [['--name', 'x'], '--scopes: "" is none; there are read, operate, manage'],
    [[...NAMED, 'read,admin'], '--scopes: "admin" is none'],
    [[...NAMED, 'read', '--expires', '2026-02-01'], '--expires: 2026-02-01 is no time in the future'],
    [[...NAMED, 'read', '--expires', 'soon'], '--expires: soon is no time in the future'],
    [[...NAMED, 'read', '--key', 'x'], "Unknown option '--key'"],
  ])('the arguments %j are refused', (args, message) => {
    expect(() => createKeyArguments(args, NOW)).toThrow(UsageError);
    expect(() => createKeyArguments(args, NOW)).toThrow(message);
  });
});

describe('The other commands for keys', () => {
  it('a revocation needs the id of a key, a list needs nothing', () => {
    expect(revokeKeyArguments(['--id', '7'])).toEqual({ id: 7 });
    expect(() => revokeKeyArguments([])).toThrow('--id is required');
    expect(() => revokeKeyArguments(['--id', 'x'])).toThrow('--id: x is no id');
  });

  it.each([createKeyArguments, revokeKeyArguments])(
    '--help asks for the usage instead of work (%#)',
    (parse) => {
      expect(parse(['--help'])).toBeUndefined();
    },
  );
});
