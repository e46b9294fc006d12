import { type Html, markup } from './page';
import type { Language } from './preferences';
import { type PageFiles, WEB_PATH } from './web-files';

/** A page that its script renders. The texts are in its language. */
export interface ScriptPage {
  readonly language: Language;
  readonly title: string;
  readonly files: PageFiles;
  /** The part of the head before the script. */
  readonly head?: Html;
  /** The content until the script has run. */
  readonly content: Html;
  /** The content if the browser runs no scripts. */
  readonly noScript: string;
}

/** Renders the document of a page that its script renders. */
export function scriptPage({ language, title, files, head, content, noScript }: ScriptPage): string {
  const stylesheets = files.stylesheets.map(
    (name) => markup`<link rel="stylesheet" href="${WEB_PATH}/${name}">`,
  );
  return markup`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    ${stylesheets}
    ${head === undefined ? [] : [head, markup`\n    `]}<script type="module" src="${WEB_PATH}/${files.script}"></script>
  </head>
  <body>
    <div id="app">${content}</div>
    <noscript><p class="page">${noScript}</p></noscript>
  </body>
</html>
`.text;
}
