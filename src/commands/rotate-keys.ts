import { InstallationsModule, KeyRotation } from '../installations';
import { ROTATE_USAGE, rotateArguments } from './arguments';
import { showProgress } from './progress';
import { CommandFailure, runCommand } from './run-command';

/** How many rows are named of those that could not be sealed. */
const NAMED = 20;

/** `npm run keys:rotate`: seals what other keys have sealed, or none has, by the present APP_KEY. */
void runCommand({
  usage: ROTATE_USAGE,
  parse: rotateArguments,
  run: async (_, { app, stop, say }) => {
    const rotation = app.select(InstallationsModule).get(KeyRotation);
    const progress = showProgress({ total: await rotation.count(), what: 'installations' });
    const { sealed, failed } = await rotation.run(stop, (count) => {
      progress.advance(count);
    });
    progress.finish();
    say(`${sealed} sealed by the key ${rotation.keyId}`);
    if (failed.size > 0) throw new CommandFailure([...failed].map(failureText).join('\n'));
    const left = await rotation.count();
    if (stop.aborted) say(`Stopped; ${left} are left. To go on: the same command`);
    else if (left > 0)
      throw new CommandFailure(
        `${left} were saved by another key meanwhile: an instance that runs has not got the new APP_KEY yet`,
      );
  },
});

function failureText([why, ids]: readonly [string, readonly number[]]): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return `${ids.length} not sealed: ${why} (installations ${ids.slice(0, NAMED).join(', ')}${more})`;
}
