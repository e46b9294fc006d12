import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** The progress of work with a known or unknown end, with its text. */
export function Progress({
  label,
  value,
  maximum,
}: {
  readonly label: string;
  readonly value: number;
  /** Undefined: the end is not known. */
  readonly maximum: number | undefined;
}): JSX.Element {
  const id = useId();
  return (
    <div class="progress">
      <label for={id}>{label}</label>
      {maximum === undefined ? (
        <progress id={id} />
      ) : (
        <progress id={id} value={Math.min(value, maximum)} max={Math.max(1, maximum)} />
      )}
    </div>
  );
}
