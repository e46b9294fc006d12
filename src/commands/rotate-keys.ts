import { CheckoutModule, SessionSeals } from '../checkout';
import { InstallationsModule, KeyRotation } from '../installations';
import { EndpointSecrets, NotificationsModule } from '../notifications';
import { ROTATE_USAGE, withoutArguments } from './support/arguments';
import type { Report } from './support/command-line';
import { showProgress } from './support/progress';
import { type CommandContext, runCommand } from './support/run-command';
import { namesOf, sealFailureText } from './support/seal-failure';

/** The number of rows of a kind that this run has sealed, and of those that the current key had sealed already. */
interface Sealed {
  readonly sealed: number;
  readonly already: number;
}

/** `npm run keys:rotate`: encrypts ("seals") all that is stored sealed with the current APP_KEY. */
void runCommand({
  usage: ROTATE_USAGE,
  parse: withoutArguments,
  run: async (_, context): Promise<Report> => {
    const { app, stop } = context;
    const rotation = app.select(InstallationsModule).get(KeyRotation);
    const before = await rotation.count();
    const { sealed, failed } = await sealInstallations(rotation, before.due, context);
    const sessions = await app.select(CheckoutModule).get(SessionSeals).resealAll(stop);
    const endpoints = await app.select(NotificationsModule).get(EndpointSecrets).resealAll();
    const { due } = await rotation.count();
    const counts: Readonly<Record<string, Sealed>> = {
      installations: { sealed, already: before.current },
      'checkout sessions': { sealed: sessions.sealed, already: sessions.already },
      'notification endpoints': { sealed: endpoints.sealed, already: endpoints.already },
    };
    const lines = Object.entries(counts).map(
      ([noun, each]) =>
        `${noun}: ${each.sealed} sealed by the key ${rotation.keyId}, ${each.already} were already`,
    );
    const failures = [
      ...[...failed].map(sealFailureText),
      ...otherFailures(sessions.unreadable, endpoints.failed),
    ];
    if (due > 0 && failed.size === 0 && !stop.aborted)
      failures.push(
        `${due} were sealed by another key meanwhile: a running instance does not have the new APP_KEY yet`,
      );
    if (stop.aborted) lines.push(`Stopped; ${due} are left. To continue, run the same command again`);
    const data = Object.fromEntries(
      Object.entries(counts).map(([noun, each]) => [noun.replace(' ', '_'), each]),
    );
    return {
      lines,
      data: { key_id: rotation.keyId, ...data, installations_left: due },
      failure: failures.length === 0 ? undefined : failures.join('\n'),
    };
  },
});

async function sealInstallations(
  rotation: KeyRotation,
  total: number,
  { stop, isJson }: CommandContext,
): ReturnType<KeyRotation['run']> {
  const progress = showProgress({ total, noun: 'installations', isJson });
  const done = await rotation.run(stop, (count) => {
    progress.advance(count);
  });
  progress.finish();
  return done;
}

function otherFailures(unreadableSessions: number, endpoints: readonly number[]): string[] {
  return [
    ...(unreadableSessions > 0
      ? [
          `No known key opens the personal data of ${unreadableSessions} checkout sessions: set APP_KEY_PREVIOUS`,
        ]
      : []),
    ...(endpoints.length > 0
      ? [`No key opens the secrets of the notification endpoints ${namesOf(endpoints)}: rotate their secrets`]
      : []),
  ];
}
