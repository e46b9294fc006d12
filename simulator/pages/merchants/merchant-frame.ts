import { type Html, html } from '../html/html';

/** The frame of the pages that imitate Appmax's own, in Portuguese. */
export function merchantFrame(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="pt-BR">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/simulator.css" />
      </head>
      <body class="consent">
        <main class="consent-card">
          <p class="brand">
            <span class="brand-mark" aria-hidden="true">a</span> appmax <span class="tag">simulador</span>
          </p>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}
