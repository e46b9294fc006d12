import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { DeliverySummary, EndpointSummary } from '../../../client/src/generated/types';
import { Status } from '../components/status';
import { useTextsOf } from '../context';
import { ENDPOINT_TEXTS, FAILURE_TEXTS, NOTIFICATION_TERMS } from './texts';

const RELOAD_MILLISECONDS = 3_000;

/** Returns a field of a notification, such as `order_id`, as a text; undefined without it. */
export function fieldOf({ data }: Pick<DeliverySummary, 'data'>, name: string): string | undefined {
  const value = data[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The colours of the states of notifications. */
export const DELIVERY_KINDS = { new: 'wait', failing: 'bad', delivered: 'good' } as const satisfies Record<
  DeliverySummary['state'],
  string
>;

/** The state of a notification. */
export function DeliveryState({ state }: Pick<DeliverySummary, 'state'>): JSX.Element {
  const terms = useTextsOf(NOTIFICATION_TERMS);
  return <Status kind={DELIVERY_KINDS[state]} text={terms(state)} />;
}

/** The state of an endpoint. One that fails is still enabled. */
export function EndpointState({ endpoint }: { readonly endpoint: EndpointSummary }): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  if (endpoint.status === 'disabled')
    return <Status kind={endpoint.disabled_reason === 'failing' ? 'bad' : 'neutral'} text={t('disabled')} />;
  return endpoint.failing_since === null ? (
    <Status kind="good" text={t('enabled')} />
  ) : (
    <Status kind="bad" text={t('failing')} />
  );
}

/** Returns the text for the error of an attempt. One that this page does not know is shown as the API names it. */
export function useFailureText(): (error: string | null) => string | null {
  const t = useTextsOf(FAILURE_TEXTS);
  return (error) =>
    error !== null && error in FAILURE_TEXTS ? t(error as keyof typeof FAILURE_TEXTS) : error;
}

/**
 * Reloads every 3 seconds while something shown is on its way: the stream of changes has the changes of orders, not what
 * became of their notifications. Does nothing while the tab is hidden.
 */
export function useReloadWhile(isWaiting: boolean, reload: () => void): void {
  const current = useRef(reload);
  current.current = reload;
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') current.current();
    }, RELOAD_MILLISECONDS);
    return () => {
      clearInterval(timer);
    };
  }, [isWaiting]);
}
