import { WebhookReplay } from '../webhooks/webhook-replay';
import { REPLAY_USAGE, replayArguments } from './arguments';
import { inBatches, tally } from './in-batches';
import { showProgress } from './progress';
import { runCommand } from './run-command';

const BATCH = 8;

/** `npm run webhooks:replay`: processes stored events again. Doing so twice does nothing twice. */
void runCommand({
  usage: REPLAY_USAGE,
  parse: replayArguments,
  run: async ({ after, ...selection }, { app, stop, say }) => {
    const events = app.get(WebhookReplay, { strict: false });
    const progress = showProgress({ total: await events.count({ ...selection, after }), what: 'events' });
    const outcomes = tally();
    const last = await inBatches({
      after,
      size: BATCH,
      stop,
      select: (from, limit) => events.select({ ...selection, after: from }, limit),
      work: async (id) => {
        outcomes.add((await events.replay(String(id))).outcome.replace('_', ' '));
      },
      onDone: (count) => {
        progress.advance(count);
      },
    });
    progress.finish();
    say(outcomes.text());
    if (stop.aborted) say(`Stopped. To go on: the same command with --after ${last}`);
  },
});
