import { ApiError } from '../common/errors/api-error';
import { AccessKeys, KeysModule } from '../keys';
import { REVOKE_KEY_USAGE, revokeKeyArguments } from './key-arguments';
import { CommandFailure, runCommand } from './run-command';

/** `npm run keys:revoke`: revokes a secret key of the database. */
void runCommand({
  usage: REVOKE_KEY_USAGE,
  parse: revokeKeyArguments,
  run: async ({ id }, { app, writeLine }) => {
    const keys = app.select(KeysModule).get(AccessKeys);
    const { name } = await keys.revoke(id, undefined, 'keys:revoke').catch((error: unknown) => {
      throw error instanceof ApiError ? new CommandFailure(error.message) : error;
    });
    writeLine(`Key ${id} (${name}) is revoked`);
  },
});
