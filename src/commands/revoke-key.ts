import { ApiError } from '../common/errors/api-error';
import { AccessKeys, KeysModule } from '../keys';
import { CommandFailure } from './support/command-line';
import { REVOKE_KEY_USAGE, revokeKeyArguments } from './support/key-arguments';
import { runCommand } from './support/run-command';

/** `npm run keys:revoke`: revokes a secret key of the database. */
void runCommand({
  usage: REVOKE_KEY_USAGE,
  parse: revokeKeyArguments,
  run: async ({ id }, { app }) => {
    const keys = app.select(KeysModule).get(AccessKeys);
    const revoked = await keys.revoke(id, undefined, 'keys:revoke').catch((error: unknown) => {
      throw error instanceof ApiError ? new CommandFailure(error.message) : error;
    });
    return { lines: [`Key ${id} (${revoked.name}) is revoked`], data: { ...revoked } };
  },
});
