import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { LanguageContext, useCommonTexts } from './context';
import { hrefTo, usePlace } from './router';

/** The link to the same view in the other language. */
export function LanguageLink(): JSX.Element {
  const t = useCommonTexts();
  const { path, query } = usePlace();
  const other = useContext(LanguageContext) === 'en' ? 'pt-BR' : 'en';
  return (
    <a href={hrefTo(path, { ...Object.fromEntries(query), lang: other })} lang={other} hreflang={other}>
      {t('otherLanguage')}
    </a>
  );
}
