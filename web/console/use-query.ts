import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** What a view knows of the data that it has asked for. */
export interface Query<Data> {
  /** The last answer. It stays while it is loaded again, and when that fails. */
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Loads again. The data before is shown until then. */
  readonly reload: () => void;
}

/**
 * Loads data when a view is shown, and again when its key changes: then the data before is dropped.
 *
 * @param key everything that the data depends on, as a text
 */
export function useQuery<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Query<Data> {
  const [state, setState] = useState<Omit<Query<Data>, 'reload'> & { readonly key: string }>({
    key,
    data: undefined,
    error: undefined,
    isLoading: true,
  });
  const current = useRef<{
    key: string;
    load: typeof load;
    /** The load that runs; undefined if none does. */
    running?: AbortController | undefined;
    isAskedAgain: boolean;
  }>({ key, load, isAskedAgain: false });
  current.current.load = load;

  const run = useCallback(() => {
    const { current: own } = current;
    const controller = new AbortController();
    own.running = controller;
    own.isAskedAgain = false;
    const { key: asked } = own;
    const end = (change: (before: typeof state) => typeof state): void => {
      if (controller.signal.aborted) return;
      own.running = undefined;
      setState(change);
      if (own.isAskedAgain) run();
    };
    setState((before) =>
      before.key === asked
        ? { ...before, isLoading: true }
        : { key: asked, data: undefined, error: undefined, isLoading: true },
    );
    own.load(controller.signal).then(
      (data) => {
        end(() => ({ key: asked, data, error: undefined, isLoading: false }));
      },
      (error: unknown) => {
        end((before) => ({ ...before, error, isLoading: false }));
      },
    );
  }, []);

  /** A load that runs is not ended by the next one: changes may come faster than answers. */
  const reload = useCallback(() => {
    if (current.current.running === undefined) run();
    else current.current.isAskedAgain = true;
  }, [run]);

  useEffect(() => {
    const { current: own } = current;
    own.key = key;
    run();
    return () => {
      own.running?.abort();
      own.running = undefined;
    };
  }, [key, run]);

  // Between a new key and its effect, the data of the key before must not be shown.
  if (state.key !== key) return { data: undefined, error: undefined, isLoading: true, reload };
  const { data, error, isLoading } = state;
  return { data, error, isLoading, reload };
}
