import { AccessKeys, KeysModule, type KeySummary } from '../keys';
import { withoutArguments } from './support/arguments';
import { LIST_KEYS_USAGE } from './support/key-arguments';
import { runCommand } from './support/run-command';

const BATCH = 200;

/** `npm run keys:list`: writes one line for each secret key of the database. */
void runCommand({
  usage: LIST_KEYS_USAGE,
  parse: withoutArguments,
  run: async (_, { app, stop }) => {
    const keys = app.select(KeysModule).get(AccessKeys);
    const all: KeySummary[] = [];
    let cursor: number | undefined;
    do {
      const { data, next_cursor: next } = await keys.list({ limit: BATCH, cursor }, undefined);
      all.push(...data);
      cursor = next === null ? undefined : data.at(-1)?.id;
    } while (cursor !== undefined && !stop.aborted);
    return { lines: all.map(lineOf), data: { keys: all } };
  },
});

function lineOf({ id, name, scopes, external_key: shop, ...times }: KeySummary): string {
  const { created_at: created, expires_at: expires, last_used_at: used, revoked_at: revoked } = times;
  return [
    `${id} ${name}: ${scopes.join(', ')}`,
    shop === null ? 'all shops' : `shop ${shop}`,
    `made ${created}`,
    expires === null ? 'no expiry' : `expires ${expires}`,
    used === null ? 'not used' : `used ${used}`,
    ...(revoked === null ? [] : [`revoked ${revoked}`]),
  ].join('; ');
}
