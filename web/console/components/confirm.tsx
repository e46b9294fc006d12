import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Notice } from '../../shared/ui';
import { useCommonTexts } from '../context';
import { Failure } from './states';

interface ConfirmProps {
  readonly title: string;
  /** The label of the button that does it: the action itself, such as "Refund R$ 10". */
  readonly action: string;
  /** The consequences of the action, and the fields that it needs. */
  readonly children: ComponentChildren;
  /** True if the action can't be undone. */
  readonly isDangerous?: boolean;
  /** The fault of the fields, if there is one; it is shown when the button is pressed. */
  readonly problem?: string | undefined;
  /** Does it. @returns what is shown as its result */
  readonly onConfirm: () => Promise<ComponentChildren>;
  readonly onClose: () => void;
}

/** Asks before an action, does it once, and shows its result until it is closed. */
export function Confirm(props: ConfirmProps): JSX.Element {
  const { title, action, children, isDangerous = false, problem, onConfirm, onClose } = props;
  const t = useCommonTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState<{
    isBusy?: boolean;
    result?: ComponentChildren;
    error?: unknown;
    isTold?: boolean;
  }>({});
  const { isBusy = false, result, error, isTold = false } = state;
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => {
      // Its row may be gone, or its button disabled by the result.
      const isThere = opener?.isConnected === true && !opener.matches(':disabled');
      (isThere ? opener : document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
    };
  }, []);
  const run = async (): Promise<void> => {
    if (isBusy) return;
    if (problem !== undefined) {
      setState({ isTold: true });
      return;
    }
    setState({ isBusy: true });
    try {
      setState({ result: await onConfirm() });
    } catch (failure) {
      setState({ error: failure });
    }
  };
  const close = (): void => {
    if (!isBusy) onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="confirm-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <h2 id="confirm-title">{title}</h2>
        {result === undefined ? children : <Notice kind="good">{result}</Notice>}
        {error === undefined ? null : <Failure error={error} />}
        {isTold && problem !== undefined ? <Notice kind="bad">{problem}</Notice> : null}
        <p class="dialog-actions">
          <button type="button" class="button plain" aria-disabled={isBusy} onClick={close}>
            {t(result === undefined ? 'cancel' : 'close')}
          </button>
          {result === undefined ? (
            <button
              type="submit"
              class={isDangerous ? 'button danger' : 'button primary'}
              aria-disabled={isBusy}
            >
              {isBusy ? t('working') : action}
            </button>
          ) : null}
        </p>
      </form>
    </dialog>
  );
}
