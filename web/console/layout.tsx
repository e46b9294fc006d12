import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Confirm } from './components/confirm';
import { useDialog } from './components/dialogs';
import { Failure, MissingScope } from './components/states';
import { useCommonTexts, useConsole } from './context';
import { useKeyboard } from './keyboard';
import { LanguageLink } from './language-link';
import { matchPath } from './paths';
import { hrefTo, type Place } from './router';
import { VIEWS } from './views';

interface LayoutProps {
  readonly place: Place;
  readonly onSignedOut: () => void;
}

/** The header with the environment and the navigation, and the view of the address. */
export function Layout({ place, onSignedOut }: LayoutProps): JSX.Element {
  const t = useCommonTexts();
  const { may } = useConsole();
  const matches = VIEWS.map((view) => ({ view, values: matchPath(view.path, place.path) }));
  const match = matches.find(({ values }) => values !== undefined);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useKeyboard(match?.view.parent);
  useEffect(() => {
    // Screen readers stay where a link was otherwise. At the start, nothing takes the focus.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [place.path]);

  const view = (): JSX.Element => {
    if (match?.values === undefined)
      return (
        <section class="card">
          <h1>{t('notFoundTitle')}</h1>
          <p>{t('notFoundText')}</p>
          <a href={hrefTo('/')}>{t('overview')}</a>
        </section>
      );
    const { component: View, scope, title } = match.view;
    if (may(scope)) return <View key={place.path} place={place} values={match.values} />;
    return (
      <section class="card">
        <h1>{t(title)}</h1>
        <MissingScope scope={scope} />
      </section>
    );
  };
  return (
    <>
      <a class="skip" href="#content">
        {t('skip')}
      </a>
      <Header place={place} onSignedOut={onSignedOut} />
      <main class="page wide" id="content" ref={main} tabIndex={-1}>
        {view()}
      </main>
    </>
  );
}

/** Returns the path of the view in the navigation to which a path belongs; undefined for a path without a view. */
function sectionOf(path: string): string | undefined {
  const view = VIEWS.find(({ path: pattern }) => matchPath(pattern, path) !== undefined);
  return view?.parent === undefined ? view?.path : sectionOf(view.parent);
}

function Header({ place, onSignedOut }: LayoutProps): JSX.Element {
  const t = useCommonTexts();
  const { session, api, may } = useConsole();
  const [isOpen, setOpen] = useState(false);
  const openDialog = useDialog();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    setOpen(false);
  }, [place.path]);
  const section = sectionOf(place.path);
  return (
    <header class="console-top">
      <p class={`environment ${session.environment}`}>{t(session.environment)}</p>
      <a class="brand" href={hrefTo('/')}>
        Appmax Checkout
      </a>
      <button
        type="button"
        class="button plain small menu"
        aria-expanded={isOpen}
        aria-controls="navigation"
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        {t('menu')}
      </button>
      <div id="navigation" class={isOpen ? 'console-menu open' : 'console-menu'}>
        <nav aria-label={t('navigation')}>
          {VIEWS.filter(({ parent, scope }) => parent === undefined && may(scope)).map(({ path, title }) => (
            <a key={path} href={hrefTo(path)} aria-current={path === section ? 'page' : undefined}>
              {t(title)}
            </a>
          ))}
        </nav>
        <div class="account">
          <span class="account-name">
            {/* A key of the settings is named `key` and its digest. */}
            {t('signedInAs', { name: session.name.replace(/^key (?=[\da-f]{8}$)/, '') })}
            {session.external_key === null ? null : (
              <small>{t('onlyShop', { shop: session.external_key })}</small>
            )}
          </span>
          <LanguageLink />
          <button
            type="button"
            class="link"
            onClick={() => {
              api.signOut().then(onSignedOut, setFailure);
            }}
          >
            {t('signOut')}
          </button>
          <button
            type="button"
            class="link"
            onClick={() => {
              openDialog((close) => (
                <Confirm
                  title={t('signOutEverywhere')}
                  action={t('signOutEverywhere')}
                  onClose={close}
                  onConfirm={async () => {
                    await api.signOutEverywhere();
                    onSignedOut();
                    return '';
                  }}
                >
                  <p>{t('signOutEverywhereText')}</p>
                </Confirm>
              ));
            }}
          >
            {t('signOutEverywhere')}
          </button>
        </div>
      </div>
      {failure === undefined ? null : <Failure error={failure} />}
    </header>
  );
}
