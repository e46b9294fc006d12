import { type Language, LANGUAGES } from './texts';

/**
 * Chooses the language of a page: `?lang=`, then that of the shop, then that of the document, which the server chose by
 * `Accept-Language`.
 */
export function chooseLanguage(query: string, ofShop: string | undefined, ofDocument: string): Language {
  const wanted = [new URLSearchParams(query).get('lang'), ofShop, ofDocument];
  return wanted.map((each) => languageOf(each ?? '')).find((each) => each !== undefined) ?? 'pt-BR';
}

function languageOf(tag: string): Language | undefined {
  const short = tag.slice(0, 2).toLowerCase();
  return LANGUAGES.find((language) => language.slice(0, 2) === short);
}
