import type { JSX } from 'preact';
import type { WebhookEventConclusion, WebhookEventSummary } from '../../../client/src/generated/types';
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

const VERIFICATION_KINDS = {
  confirmed: 'good',
  not_confirmed: 'bad',
  not_asked: 'wait',
  not_needed: 'neutral',
  off: 'neutral',
} as const satisfies Record<WebhookEventConclusion['verification'], string>;

/** Appmax's word on what a webhook asserts: a text with a colour. */
export function VerificationStatus({
  verification,
}: Pick<WebhookEventConclusion, 'verification'>): JSX.Element {
  const t = useTextsOf(WEBHOOK_TEXTS);
  return <Status kind={VERIFICATION_KINDS[verification]} text={t(verification)} />;
}

/** Returns the function that sums up the outcomes of webhooks that were processed again. */
export function useReplayedText(): (outcomes: readonly Outcome[]) => string {
  const t = useTextsOf(WEBHOOK_TEXTS);
  return (outcomes) => {
    const countOf = (wanted: Outcome): number => outcomes.filter((each) => each === wanted).length;
    return t('replayedMany', {
      done: outcomes.length,
      applied: countOf('applied'),
      repeated: countOf('repeated'),
      set_aside: countOf('set_aside'),
      waiting: countOf('waiting'),
    });
  };
}
