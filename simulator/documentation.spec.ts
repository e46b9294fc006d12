import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultKinds, faultSchema } from './faults/fault';
import { orderActionNames } from './orders/order-actions';
import { contentModels, errorForms, scriptErrors, settingsSchema } from './settings/settings';
import { webhookRuleSchema } from './webhooks/webhook-rules';

const chapter = readFileSync(join(__dirname, '..', 'docs', 'simulator.md'), 'utf8');

describe('docs/simulator.md', () => {
  it.each<[string, readonly string[]]>([
    ['setting', Object.keys(settingsSchema.shape)],
    ['action', orderActionNames],
    ['kind of fault', faultKinds],
    ['field of a fault', Object.keys(faultSchema.in.shape)],
    ['field of a webhook rule', Object.keys(webhookRuleSchema.shape)],
    ['content model', contentModels],
    ['form of errors', errorForms],
    ['error of the browser script', scriptErrors],
  ])('docs/simulator.md names every %s', (_what, names) => {
    const missing = names.filter((name) => !chapter.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});
