import type { JSX } from 'preact';
import type { WebhookEventSummary } from '../../../client/src/generated/types';
import { Status } from '../components/status';
import { useTextsOf } from '../context';
import { WEBHOOK_TEXTS } from './texts';

export type Outcome = WebhookEventSummary['outcome'];

const KINDS: Readonly<Record<Outcome, 'good' | 'wait' | 'bad' | 'neutral'>> = {
  waiting: 'wait',
  applied: 'good',
  repeated: 'neutral',
  set_aside: 'bad',
};

/** The outcome of a webhook: a text with a colour. */
export function OutcomeStatus({ outcome }: { readonly outcome: Outcome }): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  return <Status kind={KINDS[outcome]} text={t(outcome)} />;
}
