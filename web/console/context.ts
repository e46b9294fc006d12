import { createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import { type Language, type TextTable, translator } from '../shared/texts';
import type { ConsoleApi, Scope, Session } from './api';
import type { Changes } from './live';
import { TEXTS } from './texts';

/** The services that every view can use. */
export interface Console {
  readonly api: ConsoleApi;
  readonly session: Session;
  readonly language: Language;
  readonly changes: Changes;
  /** True if there is a view at a path, for links between views. */
  readonly hasView: (path: string) => boolean;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);
export const LanguageContext = createContext<Language>('pt-BR');

/** Returns the console's API, sign-in, language and changes, and whether its key has a scope. */
export function useConsole(): Console & { readonly may: (scope: Scope) => boolean } {
  const console = useContext(ConsoleContext);
  if (console === undefined) throw new Error('There is no console around this component');
  return { ...console, may: (scope) => console.session.scopes.includes(scope) };
}

/** Returns the function that looks up the texts of a table in the language of the page. */
export function useTextsOf<Table extends TextTable>(
  table: Table,
): (key: keyof Table, values?: Readonly<Record<string, string | number>>) => string {
  const language = useContext(LanguageContext);
  return useMemo(() => translator(table, language), [table, language]);
}

/** Returns the texts that all views have in common. */
export function useCommonTexts(): ReturnType<typeof useTextsOf<typeof TEXTS>> {
  return useTextsOf(TEXTS);
}
