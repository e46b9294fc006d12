import type { JSX } from 'preact';
import type { Scope } from './api';
import type { Place } from './router';
import type { TEXTS } from './texts';

/** What a view gets: its address, and the values of its path. */
export interface ViewProps {
  readonly place: Place;
  readonly values: Readonly<Record<string, string>>;
}

/** A view of the console. docs/how-to/add-a-console-view.md says how to add one. */
export interface View {
  /** The path below /console, with values such as `:id`. */
  readonly path: string;
  readonly component: (props: ViewProps) => JSX.Element;
  /** The scope that the key needs. The link of the navigation is hidden without it. */
  readonly scope: Scope;
  /** The text of the title, and of the link of the navigation. */
  readonly title: keyof typeof TEXTS;
  /** The path of the view that this one is a part of; a view without one has a link in the navigation. */
  readonly parent?: string;
}
