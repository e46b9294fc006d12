import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button, useTexts } from '../shared/ui';
import type { View } from './api';

const REDIRECT_MILLISECONDS = 4000;

/** The last page. It returns to the shop by itself only after a payment on this page, so that "back" does not loop. */
export function Paid({ view, isNew }: { view: View; isNew: boolean }): JSX.Element {
  const { t } = useTexts();
  const url = view.success_url;
  const leaves = isNew && url !== undefined;
  useEffect(() => {
    if (!leaves) return undefined;
    const timer = setTimeout(() => {
      location.assign(url);
    }, REDIRECT_MILLISECONDS);
    return () => {
      clearTimeout(timer);
    };
  }, [leaves, url]);
  return (
    <section class="card outcome" role="status">
      <span class="sign good" aria-hidden="true">
        ✓
      </span>
      <h2>{t('paidTitle')}</h2>
      <p>{t('paidText')}</p>
      {view.order_id === undefined ? null : <p class="hint">{t('orderNumber', { id: view.order_id })}</p>}
      {url === undefined ? null : (
        <p>
          <a class="button primary" href={url}>
            {t('backToShop')}
          </a>
        </p>
      )}
      {leaves ? <p class="hint">{t('redirecting')}</p> : null}
    </section>
  );
}

/** The page while the result of a payment is not known. */
export function Checking(): JSX.Element {
  const { t } = useTexts();
  return (
    <section class="card outcome" role="status">
      <span class="spinner large" aria-hidden="true" />
      <h2>{t('checkingTitle')}</h2>
      <p>{t('checkingText')}</p>
    </section>
  );
}

export function Expired({ view }: { view: View }): JSX.Element {
  const { t } = useTexts();
  return (
    <section class="card outcome" role="status">
      <h2>{t('expiredTitle')}</h2>
      <p>{t('expiredText')}</p>
      {view.cancel_url === undefined ? null : (
        <p>
          <a class="button plain" href={view.cancel_url}>
            {t('cancel')}
          </a>
        </p>
      )}
    </section>
  );
}

/** The page without a session: there is none, or it could not be loaded. */
export function NotLoaded({ isUnknown, onRetry }: { isUnknown: boolean; onRetry: () => void }): JSX.Element {
  const { t } = useTexts();
  if (!isUnknown) {
    return (
      <section class="card outcome" role="alert">
        <p>{t('loadFailed')}</p>
        <Button onClick={onRetry}>{t('retry')}</Button>
      </section>
    );
  }
  return (
    <section class="card outcome" role="alert">
      <h2>{t('unknownTitle')}</h2>
      <p>{t('unknownText')}</p>
    </section>
  );
}
