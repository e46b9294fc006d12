import type { Config } from '../../config';
import { addressesOf, type FirstSteps } from '../../pages';
import { type Check, type Finding, ok, skipped, warning } from './finding';

/** The checks of the first steps: the name, the text when it is done, the text before, and what to do then. */
const STEPS: Readonly<
  Record<keyof FirstSteps, readonly [check: Check, done: string, missing: string, advice: string]>
> = {
  installation: [
    'first install',
    'a shop has installed the app',
    'no shop has installed the app',
    'Open the address of the installation, and sign in at Appmax as a merchant',
  ],
  webhook: [
    'first webhook',
    'a webhook has arrived',
    'no webhook has arrived',
    'Register the address of the webhook at Appmax; docs/go-live/production.md says where',
  ],
  sale: [
    'first sale',
    'an order has been paid',
    'no order has been paid',
    'Make a checkout session for a small amount, and pay on its page',
  ],
};

/** Names the addresses to register at Appmax. The token of the webhook is not shown: outputs of commands are kept. */
export function addressesFinding(config: Pick<Config, 'publicUrl' | 'webhookToken'>): Finding {
  const { callback, webhook, install } = addressesOf(config);
  const token = config.webhookToken === undefined ? '' : '?token=… (the value of WEBHOOK_TOKEN)';
  return ok(
    'addresses',
    [
      'to register at Appmax:',
      `callback  ${callback}`,
      `webhook   ${webhook}${token}`,
      `install   ${install}`,
    ].join('\n'),
  );
}

/** Reports which of the first steps are done. A step that is not is no failure: a new service has done none. */
export function checkFirstSteps(steps: FirstSteps | undefined): Finding[] {
  return Object.entries(STEPS).map(([step, [check, done, missing, advice]]) => {
    if (steps === undefined) return skipped(check, 'the tables can not be read');
    return steps[step as keyof FirstSteps] ? ok(check, done) : warning(check, missing, advice);
  });
}
