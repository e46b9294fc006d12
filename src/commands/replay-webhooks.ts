import { WebhookReplay, WebhooksModule } from '../webhooks';
import { REPLAY_USAGE, replayArguments } from './arguments';
import { runCommand } from './run-command';
import { workThrough, type Work } from './work-through';

const BATCH = 8;

/** `npm run webhooks:replay`: processes stored webhook events again. Replaying an event twice is harmless. */
void runCommand({
  usage: REPLAY_USAGE,
  parse: replayArguments,
  run: async ({ after, ...selection }, { app, stop, say }) => {
    const events = app.select(WebhooksModule).get(WebhookReplay);
    const work: Work = {
      what: 'events',
      after,
      size: BATCH,
      count: () => events.count({ ...selection, after }),
      select: (from, limit) => events.select({ ...selection, after: from }, limit),
      perform: async (id) => (await events.replay(String(id))).outcome.replace('_', ' '),
    };
    await workThrough(work, { stop, say });
  },
});
