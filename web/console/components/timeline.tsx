import type { ComponentChildren, JSX } from 'preact';
import { useConsole } from '../context';
import { dateTime } from '../format';

/** One thing that happened. */
export interface Happening {
  readonly id: string;
  readonly at: string;
  readonly kind: 'good' | 'wait' | 'bad' | 'neutral';
  readonly title: ComponentChildren;
  readonly body?: ComponentChildren;
}

/** The entries of a history, one below the other. */
export function Timeline({ happenings }: { readonly happenings: readonly Happening[] }): JSX.Element {
  const { language } = useConsole();
  return (
    <ol class="timeline">
      {happenings.map(({ id, at, kind, title, body }) => (
        <li key={id} class={kind}>
          <time dateTime={at}>{dateTime(at, language)}</time>
          <div class="happening">
            <p class="happening-title">{title}</p>
            {body}
          </div>
        </li>
      ))}
    </ol>
  );
}
