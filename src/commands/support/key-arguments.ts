import { KEY_SCOPES, type KeyScope } from '../../common/access/key-holder';
import { parseInstant } from '../../common/listing/instant';
import type { NewKey } from '../../keys';
import { idOf, readOptions, UsageError } from './arguments';

export const CREATE_KEY_USAGE = `Makes a secret key and shows it; it can't be shown again.

  npm run keys:create -- --name <name> --scopes <scope,…> [--shop <external_key>] [--expires <when>]

  --name     says who uses the key, up to 64 characters; no personal data
  --scopes   ${KEY_SCOPES.join(', ')}; comma-separated
  --shop     the only shop for which the key is valid; without it, all shops
  --expires  2030-12-31, 2030-12-31T12:00:00Z, or 90d from now; without it, never`;

export const LIST_KEYS_USAGE = `Lists the secret keys of the database, newest first. Keys of API_SECRET_KEYS are not listed.

  npm run keys:list`;

export const REVOKE_KEY_USAGE = `Revokes a secret key of the database: all instances refuse it within a few seconds.

  npm run keys:revoke -- --id <id>

  --id  the id of the key, as keys:list shows it`;

const LONGEST_NAME = 64;
const DAY_MILLISECONDS = 86_400_000;
const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** @returns undefined if `--help` is given. @throws UsageError */
export function createKeyArguments(args: readonly string[], now = new Date()): NewKey | undefined {
  const values = readOptions(args, {
    name: { type: 'string' },
    scopes: { type: 'string' },
    shop: { type: 'string' },
    expires: { type: 'string' },
    ...HELP,
  });
  if (values['help'] === true) return undefined;
  const { name = '', scopes = '', shop, expires } = values as Record<string, string | undefined>;
  if (name.trim() === '' || name.length > LONGEST_NAME || /[\p{Cc}\p{Cs}]/u.test(name))
    throw new UsageError(`--name is required: 1 to ${LONGEST_NAME} characters`);
  return {
    name: name.trim(),
    scopes: scopesOf(scopes),
    externalKey: shop,
    expiresAt: expires === undefined ? undefined : expiryOf(expires, now),
  };
}

/** @returns undefined if `--help` is given. @throws UsageError */
export function revokeKeyArguments(args: readonly string[]): { readonly id: number } | undefined {
  const { id, help } = readOptions(args, { id: { type: 'string' }, ...HELP });
  if (help === true) return undefined;
  if (typeof id !== 'string') throw new UsageError('--id is required');
  return { id: idOf('--id', id) };
}

function scopesOf(text: string): KeyScope[] {
  const named = text.split(',').map((scope) => scope.trim());
  for (const scope of named) {
    if (!(KEY_SCOPES as readonly string[]).includes(scope))
      throw new UsageError(`--scopes: "${scope}" is none; there are ${KEY_SCOPES.join(', ')}`);
  }
  return named as KeyScope[];
}

function expiryOf(text: string, now: Date): Date {
  const days = /^([1-9]\d{0,4})d$/.exec(text)?.[1];
  const expiry =
    days === undefined ? parseInstant(text) : new Date(now.getTime() + Number(days) * DAY_MILLISECONDS);
  if (expiry === undefined || expiry <= now)
    throw new UsageError(`--expires: ${text} is no time in the future; give 2030-12-31 or 90d`);
  return expiry;
}
