import { useEffect, useRef } from 'preact/hooks';

const RELOAD_MILLISECONDS = 2_000;
const RETRY_MILLISECONDS = 10_000;

/** Gets the ids of the orders that have changed. An empty list: any may have. */
export type ChangeListener = (orderIds: readonly number[]) => void;

/**
 * The changes of orders, from one stream for all views. It is open only while the tab is shown, because a browser has few
 * connections for one host; what was missed meanwhile is announced as "any may have changed".
 */
export class Changes {
  private readonly listeners = new Set<ChangeListener>();
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wasOpen = false;

  start(): () => void {
    const followTab = (): void => {
      if (document.visibilityState === 'visible') this.open();
      else this.close();
    };
    document.addEventListener('visibilitychange', followTab);
    followTab();
    return () => {
      document.removeEventListener('visibilitychange', followTab);
      this.close();
    };
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private open(): void {
    if (this.source !== undefined) return;
    const source = new EventSource('/admin/changes');
    this.source = source;
    source.onopen = () => {
      if (this.wasOpen) this.announce([]);
      this.wasOpen = true;
    };
    source.onmessage = ({ data }) => {
      this.announce((JSON.parse(String(data)) as { readonly order_ids: readonly number[] }).order_ids);
    };
    source.onerror = () => {
      // The browser connects again by itself, except after a refusal.
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.timer = setTimeout(() => {
        this.open();
      }, RETRY_MILLISECONDS);
    };
  }

  private close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  private announce(orderIds: readonly number[]): void {
    for (const listener of this.listeners) listener(orderIds);
  }
}

/**
 * Reloads a view when orders change that it shows: at once, then at most once in 2 seconds.
 *
 * @param concerns true if one of these orders is or may come into the view; an empty list always concerns it
 */
export function useLiveReload(
  changes: Changes,
  reload: () => void,
  concerns: (orderIds: readonly number[]) => boolean = () => true,
): void {
  const current = useRef({ reload, concerns });
  current.current = { reload, concerns };
  useEffect(() => {
    let isWaiting = false;
    let isAsked = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = (): void => {
      isAsked = false;
      isWaiting = true;
      current.current.reload();
      timer = setTimeout(() => {
        isWaiting = false;
        if (isAsked) run();
      }, RELOAD_MILLISECONDS);
    };
    const stop = changes.subscribe((orderIds) => {
      if (orderIds.length > 0 && !current.current.concerns(orderIds)) return;
      isAsked = true;
      if (!isWaiting) run();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [changes]);
}
