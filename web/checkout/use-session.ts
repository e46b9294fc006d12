import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Refusal, type SessionApi, type View } from './api';

const POLL_MILLISECONDS = 10_000;

/** The session as the page last saw it. */
export interface Session {
  readonly view: View | undefined;
  /** The reason for a missing view. */
  readonly failure: 'unknown' | 'failed' | undefined;
  /** True if the payment was completed while this page was open. */
  readonly completedHere: boolean;
  readonly refresh: () => Promise<View | undefined>;
}

/**
 * Loads a session and keeps it up to date: when the page is shown again (another tab, the back button), when the network
 * returns, and, while a payment is awaited, by the stream and by asking every 10 seconds.
 */
export function useSession(api: SessionApi): Session & { readonly follow: (awaits: boolean) => void } {
  const [view, setView] = useState<View>();
  const [failure, setFailure] = useState<Session['failure']>();
  const [completedHere, setCompletedHere] = useState(false);
  const [awaits, follow] = useState(false);
  const shown = useRef(view);
  shown.current = view;

  const refresh = useCallback(async (): Promise<View | undefined> => {
    try {
      const loaded = await api.view();
      setView((before) => {
        // Also an expired session: its open Pix can be paid.
        if (before !== undefined && before.status !== 'completed' && loaded.status === 'completed')
          setCompletedHere(true);
        return loaded;
      });
      setFailure(undefined);
      return loaded;
    } catch (error) {
      setFailure(error instanceof Refusal && error.status === 404 ? 'unknown' : 'failed');
      return undefined;
    }
  }, [api]);

  useEffect(() => {
    void refresh();
    const whenShown = (): void => {
      if (document.visibilityState === 'visible') void refresh();
    };
    const whenRestored = (event: PageTransitionEvent): void => {
      // A page from the browser's back cache: its timers and its "completed here" belong to the visit before.
      if (!event.persisted) return;
      setCompletedHere(false);
      void refresh();
    };
    document.addEventListener('visibilitychange', whenShown);
    window.addEventListener('online', whenShown);
    window.addEventListener('pageshow', whenRestored);
    return () => {
      document.removeEventListener('visibilitychange', whenShown);
      window.removeEventListener('online', whenShown);
      window.removeEventListener('pageshow', whenRestored);
    };
  }, [refresh]);

  useEffect(() => {
    if (!awaits) return undefined;
    const ask = (): void => {
      api
        .status()
        .then(({ status, payment_under_way: isUnderWay }) => {
          const { current } = shown;
          const isShown = status === current?.status && isUnderWay === current.payment_under_way;
          return isShown ? undefined : refresh();
        })
        // The next event or the next turn asks again.
        .catch(() => undefined);
    };
    const stop = api.follow(ask);
    const timer = setInterval(ask, POLL_MILLISECONDS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [api, awaits, refresh]);

  return { view, failure, completedHere, refresh, follow };
}
