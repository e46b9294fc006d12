import type { ComponentChildren, JSX } from 'preact';
import { Notice } from '../../shared/ui';
import { ApiError, type Scope } from '../api';
import { useCommonTexts, useTextsOf } from '../context';
import { ERROR_TEXTS } from '../texts';
import type { Query } from '../use-query';

/** Returns the text for an error of a call. */
export function useErrorText(): (error: unknown) => string {
  const t = useTextsOf(ERROR_TEXTS);
  return (error) => {
    if (!(error instanceof ApiError)) return t('other', { message: String(error) });
    if (error.mayHaveHappened) return t('mayHaveHappened');
    const { code } = error;
    return code in ERROR_TEXTS ? t(code as keyof typeof ERROR_TEXTS) : t('other', { message: error.message });
  };
}

/** A failed call, with the id of its request for the logs, and a button that repeats it. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}): JSX.Element {
  const t = useCommonTexts();
  const text = useErrorText();
  const id = error instanceof ApiError ? error.requestId : undefined;
  return (
    <Notice kind="bad">
      <p>{text(error)}</p>
      {id === undefined ? null : <p class="mono">{t('requestId', { id })}</p>}
      {onRetry === undefined ? null : (
        <button type="button" class="button plain" onClick={onRetry}>
          {t('retry')}
        </button>
      )}
    </Notice>
  );
}

/** Shows what a query has loaded; before that its skeleton, or its error. Data that could not be updated stay, with a note. */
export function Loaded<Data>({
  query: { data, error, reload },
  children,
}: {
  readonly query: Query<Data>;
  readonly children: (data: Data) => ComponentChildren;
}): JSX.Element {
  const t = useCommonTexts();
  if (data === undefined)
    return error === undefined ? <Skeleton /> : <Failure error={error} onRetry={reload} />;
  return (
    <>
      {error === undefined ? null : (
        <Notice kind="bad">
          {t('notUpToDate')}{' '}
          <button type="button" class="link" onClick={reload}>
            {t('retry')}
          </button>
        </Notice>
      )}
      {children(data)}
    </>
  );
}

/** Grey lines in the place of what is loading. */
export function Skeleton({ lines = 6 }: { readonly lines?: number }): JSX.Element {
  const t = useCommonTexts();
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{t('loading')}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} aria-hidden="true" />
      ))}
    </div>
  );
}

/** A view or an action that the key does not allow. */
export function MissingScope({ scope }: { readonly scope: Scope }): JSX.Element {
  const t = useCommonTexts();
  return <p class="hint">{t('noScope', { scope })}</p>;
}
