import { CheckoutModule, SessionSeals } from '../checkout';
import { InstallationsModule, KeyRotation } from '../installations';
import { EndpointSecrets, NotificationsModule } from '../notifications';
import { ROTATE_USAGE, rotateArguments } from './arguments';
import { showProgress } from './progress';
import { CommandFailure, runCommand } from './run-command';
import { sealFailureText } from './seal-failure';

/** `npm run keys:rotate`: encrypts ("seals") all that is stored sealed with the current APP_KEY. */
void runCommand({
  usage: ROTATE_USAGE,
  parse: rotateArguments,
  run: async (_, { app, stop, writeLine }) => {
    const rotation = app.select(InstallationsModule).get(KeyRotation);
    const progress = showProgress({ total: await rotation.count(), noun: 'installations' });
    const { sealed, failed } = await rotation.run(stop, (count) => {
      progress.advance(count);
    });
    progress.finish();
    writeLine(`${sealed} sealed by the key ${rotation.keyId}`);
    const sessions = await app.select(CheckoutModule).get(SessionSeals).resealAll(stop);
    if (sessions.sealed > 0) writeLine(`${sessions.sealed} checkout sessions sealed`);
    if (sessions.unreadable > 0)
      throw new CommandFailure(
        `No known key opens the personal data of ${sessions.unreadable} checkout sessions: set APP_KEY_PREVIOUS`,
      );
    const endpoints = await app.select(NotificationsModule).get(EndpointSecrets).resealAll();
    if (endpoints.length > 0)
      throw new CommandFailure(
        `No key opens the secrets of the notification endpoints ${endpoints.join(', ')}: rotate their secrets`,
      );
    if (failed.size > 0) throw new CommandFailure([...failed].map(sealFailureText).join('\n'));
    const left = await rotation.count();
    if (stop.aborted) writeLine(`Stopped; ${left} are left. To continue, run the same command again`);
    else if (left > 0)
      throw new CommandFailure(
        `${left} were sealed by another key meanwhile: a running instance does not have the new APP_KEY yet`,
      );
  },
});
