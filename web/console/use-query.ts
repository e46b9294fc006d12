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
  const current = useRef({ key, load, controller: new AbortController() });
  current.current.load = load;

  const reload = useCallback(() => {
    const { current: own } = current;
    own.controller.abort();
    const controller = new AbortController();
    own.controller = controller;
    const { key: asked } = own;
    setState((before) =>
      before.key === asked
        ? { ...before, isLoading: true }
        : { key: asked, data: undefined, error: undefined, isLoading: true },
    );
    own
      .load(controller.signal)
      .then((data) => {
        if (!controller.signal.aborted) setState({ key: asked, data, error: undefined, isLoading: false });
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setState((before) => ({ ...before, error, isLoading: false }));
      });
  }, []);

  useEffect(() => {
    current.current.key = key;
    reload();
    return () => {
      current.current.controller.abort();
    };
  }, [key, reload]);

  // Between a new key and its effect, the data of the key before must not be shown.
  if (state.key !== key) return { data: undefined, error: undefined, isLoading: true, reload };
  const { data, error, isLoading } = state;
  return { data, error, isLoading, reload };
}
