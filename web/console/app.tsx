import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { chooseLanguage } from '../shared/language';
import { textsOf, translator } from '../shared/texts';
import { Texts } from '../shared/ui';
import { ApiError, ConsoleApi, type Session } from './api';
import { Dialogs } from './components/dialogs';
import { Failure, Skeleton } from './components/states';
import { ConsoleContext, LanguageContext } from './context';
import { Layout } from './layout';
import { Changes } from './live';
import { matchPath } from './paths';
import { usePlace } from './router';
import { SignIn } from './sign-in';
import { TEXTS } from './texts';
import { VIEWS } from './views';

const hasView = (path: string): boolean => VIEWS.some((view) => matchPath(view.path, path) !== undefined);

/** The sign-in of the browser, as far as the page knows it. */
type SignedIn =
  | { readonly is: 'unknown' }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'out'; readonly hasEnded: boolean }
  | { readonly is: 'in'; readonly session: Session };

/** The console: the form to sign in, or the view of the address. After a sign-in the view that was asked for is shown. */
export function App(): JSX.Element {
  const place = usePlace();
  const [signedIn, setSignedIn] = useState<SignedIn>({ is: 'unknown' });
  const language = chooseLanguage(`?${place.query.toString()}`, undefined, document.documentElement.lang);
  const api = useMemo(
    () =>
      new ConsoleApi(() => {
        setSignedIn((before) => ({ is: 'out', hasEnded: before.is === 'in' }));
      }),
    [],
  );
  const check = useCallback(() => {
    setSignedIn({ is: 'unknown' });
    api
      .getConsoleSession()
      .then((session) => {
        setSignedIn({ is: 'in', session });
      })
      .catch((error: unknown) => {
        const isOut = error instanceof ApiError && error.status === 401;
        setSignedIn(isOut ? { is: 'out', hasEnded: false } : { is: 'failed', error });
      });
  }, [api]);
  useEffect(check, [check]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${translator(TEXTS, language)('console')} · Appmax Checkout`;
  }, [language]);

  const session = signedIn.is === 'in' ? signedIn.session : undefined;
  const changes = useMemo(() => new Changes(), []);
  const mayRead = session?.scopes.includes('read') === true;
  useEffect(() => (mayRead ? changes.start() : undefined), [changes, mayRead]);
  const texts = useMemo(() => ({ language, t: textsOf(language) }), [language]);

  return (
    <LanguageContext.Provider value={language}>
      <Texts.Provider value={texts}>
        {session === undefined ? (
          <main class="page narrow">
            {signedIn.is === 'unknown' ? <Skeleton /> : null}
            {signedIn.is === 'failed' ? <Failure error={signedIn.error} onRetry={check} /> : null}
            {signedIn.is === 'out' ? (
              <SignIn
                hasEnded={signedIn.hasEnded}
                onSignIn={(given) => {
                  setSignedIn({ is: 'in', session: given });
                }}
              />
            ) : null}
          </main>
        ) : (
          <ConsoleContext.Provider value={{ api, session, language, changes, hasView }}>
            <Dialogs path={place.path}>
              <Layout
                place={place}
                onSignedOut={() => {
                  setSignedIn({ is: 'out', hasEnded: false });
                }}
              />
            </Dialogs>
          </ConsoleContext.Provider>
        )}
      </Texts.Provider>
    </LanguageContext.Provider>
  );
}
