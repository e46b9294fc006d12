import {
  type ComponentChildren,
  createContext,
  type InputHTMLAttributes,
  type JSX,
  type LooseInputHTMLAttributes,
} from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { type Language, textsOf, type Translate } from './texts';

/** The language of the page and its texts. */
export const Texts = createContext<{ readonly language: Language; readonly t: Translate }>({
  language: 'pt-BR',
  t: textsOf('pt-BR'),
});

export function useTexts(): { readonly language: Language; readonly t: Translate } {
  return useContext(Texts);
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly autocomplete: LooseInputHTMLAttributes['autocomplete'];
  readonly type?: 'text' | 'email' | 'tel' | undefined;
  readonly inputMode?: 'numeric' | undefined;
  readonly placeholder?: string | undefined;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  /** Shown at the end of the field, such as a brand. */
  readonly mark?: string | undefined;
  /** Rewrites what is typed or pasted, such as with a mask. */
  readonly format?: ((text: string) => string) | undefined;
  readonly onValue: (value: string) => void;
}

/** A labelled text field that must be filled in, with its hint and its mistake tied to it. */
export function Field(props: FieldProps): JSX.Element {
  const { id, label, error, hint, mark, format, onValue } = props;
  const described = [error === undefined ? '' : `${id}-error`, hint === undefined ? '' : `${id}-hint`]
    .filter(Boolean)
    .join(' ');
  const attributes: LooseInputHTMLAttributes = {
    id,
    type: props.type ?? 'text',
    value: props.value,
    autocomplete: props.autocomplete,
    inputMode: props.inputMode ?? 'text',
    placeholder: props.placeholder ?? '',
    required: true,
    'aria-invalid': error !== undefined,
    'aria-describedby': described === '' ? undefined : described,
    onInput: ({ currentTarget: target }) => {
      const value = format?.(target.value) ?? target.value;
      // A change in the middle of a text must not move the caret to its end.
      const caret = target.selectionStart;
      const isAtEnd = caret === target.value.length;
      target.value = value;
      if (!isAtEnd && caret !== null) target.setSelectionRange(caret, caret);
      onValue(value);
    },
  };
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <label for={id}>{label}</label>
      <div class="control">
        <input {...(attributes as InputHTMLAttributes)} />
        {mark === undefined ? null : <span class="mark">{mark}</span>}
      </div>
      {error === undefined ? null : (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A message that a screen reader announces at once if it is bad, else when it is free. */
export function Notice({
  kind,
  children,
}: {
  kind: 'bad' | 'good' | 'info';
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** A short state with a colour and a text. */
export function Badge({
  kind,
  children,
}: {
  kind: 'good' | 'wait' | 'bad';
  children: ComponentChildren;
}): JSX.Element {
  return <span class={`badge ${kind}`}>{children}</span>;
}

/** A button that stays focusable while its action runs. */
export function Button({
  busy = false,
  disabled = false,
  children,
  onClick,
  kind = 'primary',
  type = 'button',
}: {
  readonly busy?: boolean;
  /** True if its action is not possible yet. The label says why. */
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly kind?: 'primary' | 'plain';
  readonly type?: 'button' | 'submit';
}): JSX.Element {
  const { t } = useTexts();
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-disabled={busy || disabled}
      onClick={(event) => {
        if (busy || disabled) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy ? (
        <>
          <span class="spinner" aria-hidden="true" /> {t('working')}
        </>
      ) : (
        children
      )}
    </button>
  );
}

/** A text to take along, with a button that copies it. */
export function CopyBox({ id, label, text }: { id: string; label: string; text: string }): JSX.Element {
  const { t } = useTexts();
  const [state, setState] = useState<'copy' | 'copied' | 'copyFailed'>('copy');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (state === 'copy') return undefined;
    const timer = setTimeout(() => {
      setState('copy');
    }, 4000);
    return () => {
      clearTimeout(timer);
    };
  }, [state]);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      // Without permission for the clipboard the selected text is copied by hand.
      setState('copyFailed');
    }
  };
  return (
    <div class="copy">
      <label for={id}>{label}</label>
      <textarea id={id} ref={field} readOnly rows={2} value={text} />
      <button type="button" class="button primary" onClick={() => void copy()}>
        {t('copy')} <span class="visually-hidden">{label}</span>
      </button>
      <span role="status" class="copy-state">
        {state === 'copy' ? '' : t(state)}
      </span>
    </div>
  );
}
