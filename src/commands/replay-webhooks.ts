import { EventReplay, WebhooksModule } from '../webhooks';
import { REPLAY_USAGE, replayArguments } from './support/arguments';
import { processInBatches, type Work } from './support/process-in-batches';
import { runCommand } from './support/run-command';

const BATCH = 8;

/** `npm run webhooks:replay`: processes stored webhook events again. Replaying an event twice is harmless. */
void runCommand({
  usage: REPLAY_USAGE,
  parse: replayArguments,
  run: ({ after, ...selection }, { app, ...surroundings }) => {
    const events = app.select(WebhooksModule).get(EventReplay);
    const work: Work = {
      noun: 'event',
      plural: 'events',
      after,
      batchSize: BATCH,
      count: () => events.count({ ...selection, after }),
      select: (from, limit) => events.select({ ...selection, after: from }, limit),
      processRow: async (id) => ({
        outcome: (await events.replay(String(id))).outcome.replace('_', ' '),
      }),
    };
    return processInBatches(work, surroundings);
  },
});
