import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';

/** Makes a dialog that calls `close` when it is closed. */
type MakeDialog = (close: () => void) => JSX.Element;

const DialogContext = createContext<((make: MakeDialog) => void) | undefined>(undefined);

/**
 * Returns the function that opens a dialog. The dialog keeps the data that it was opened with. It stays until it is closed or
 * another view is shown, also if the component that has opened it goes: views follow changes, and the button of an action
 * may be gone before the result of the action is read.
 */
export function useDialog(): (make: MakeDialog) => void {
  const open = useContext(DialogContext);
  if (open === undefined) throw new Error('There are no dialogs around this component');
  return open;
}

/** The children, and the dialog that one of them has opened. @param path the path of the view; another one closes the dialog */
export function Dialogs({
  path,
  children,
}: {
  readonly path: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const [dialog, setDialog] = useState<JSX.Element>();
  const close = useCallback(() => {
    setDialog(undefined);
  }, []);
  const open = useCallback(
    (make: MakeDialog) => {
      setDialog(make(close));
    },
    [close],
  );
  useEffect(() => close, [path, close]);
  return (
    <DialogContext.Provider value={open}>
      {children}
      {dialog}
    </DialogContext.Provider>
  );
}
