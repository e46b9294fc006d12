import { ApiError } from '../common/errors/api-error';
import { AccessKeys, KeysModule } from '../keys';
import { CommandFailure } from './support/command-line';
import { CREATE_KEY_USAGE, createKeyArguments } from './support/key-arguments';
import { runCommand } from './support/run-command';

/** `npm run keys:create`: makes a secret key and writes it to the standard output. */
void runCommand({
  usage: CREATE_KEY_USAGE,
  parse: createKeyArguments,
  run: async (wanted, { app }) => {
    const keys = app.select(KeysModule).get(AccessKeys);
    const made = await keys.create(wanted, undefined, 'keys:create').catch((error: unknown) => {
      throw error instanceof ApiError ? new CommandFailure(error.message) : error;
    });
    return {
      lines: [`Key ${made.id} (${made.name}): ${made.scopes.join(', ')}`, made.key],
      data: { ...made },
    };
  },
});
