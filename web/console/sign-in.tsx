import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button, Notice } from '../shared/ui';
import { ApiError, ConsoleApi, type Session } from './api';
import { Failure } from './components/states';
import { useCommonTexts } from './context';
import { LanguageLink } from './language-link';

/** The form to sign in with a key. The key is sent once and kept nowhere in the page. */
export function SignIn({
  hasEnded,
  onSignIn,
}: {
  /** True if the reader was signed in before. */
  readonly hasEnded: boolean;
  readonly onSignIn: (session: Session) => void;
}): JSX.Element {
  const t = useCommonTexts();
  const field = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<'signInEmpty' | 'signInRefused'>();
  const [failure, setFailure] = useState<unknown>();

  const send = async (): Promise<void> => {
    const key = field.current?.value.trim() ?? '';
    setFailure(undefined);
    setProblem(key === '' ? 'signInEmpty' : undefined);
    if (key === '' || isBusy) return;
    setBusy(true);
    try {
      const session = await new ConsoleApi(() => undefined).signIn({ body: { key } });
      if (field.current !== null) field.current.value = '';
      onSignIn(session);
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.status === 401) setProblem('signInRefused');
      else setFailure(error);
      field.current?.focus();
    }
  };
  return (
    <section class="card sign-in" aria-labelledby="sign-in">
      <p class="sign-in-brand">
        Appmax Checkout <LanguageLink />
      </p>
      <h1 id="sign-in">{t('signInTitle')}</h1>
      <p class="hint">{t('signInText')}</p>
      {hasEnded ? <Notice kind="info">{t('signedOutText')}</Notice> : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class={problem === undefined ? 'field' : 'field wrong'}>
          <label for="key">{t('secretKey')}</label>
          <input
            id="key"
            ref={field}
            type="password"
            autocomplete="current-password"
            autofocus
            spellcheck={false}
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : 'key-error'}
          />
          {problem === undefined ? null : (
            <p class="error" id="key-error" role="alert">
              {t(problem)}
            </p>
          )}
        </div>
        {failure === undefined ? null : <Failure error={failure} />}
        <Button type="submit" busy={isBusy}>
          {t('signIn')}
        </Button>
      </form>
    </section>
  );
}
