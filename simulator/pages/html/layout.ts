import { type ClockState } from '../../clock/simulated-clock';
import { type Html, html } from './html';
import { button, time } from './parts';

const sections = [
  ['/', 'Orders'],
  ['/merchants', 'Merchants'],
  ['/webhooks', 'Webhooks'],
  ['/faults', 'Faults'],
  ['/ledger', 'Ledger'],
  ['/requests', 'Requests'],
  ['/settings', 'Settings'],
] as const;

/** A page without its frame. */
export interface Page {
  readonly title: string;
  /** The path of its section; none for an error page. */
  readonly section?: (typeof sections)[number][0];
  readonly content: Html;
  /** A message about the last action. */
  readonly notice?: string | undefined;
  /** Seconds after which the browser reloads the page. */
  readonly refresh?: number | undefined;
}

function clockBar(clock: ClockState): Html {
  const speed = clock.running ? `× ${clock.speed}` : 'stopped';
  return html`<section class="clock" aria-label="Clock">
    <p><span class="muted">Clock</span> ${time(clock.now)} <span class="muted">UTC, ${speed}</span></p>
    <div class="buttons">
      ${clock.running ? button('/clock/stop', 'Stop') : button('/clock/start', 'Start')}
      ${button('/clock/advance/60', '+1 min')} ${button('/clock/advance/1800', '+30 min')}
      ${button('/clock/advance/86400', '+1 day')}
      ${clock.speed === 1 ? html`` : button('/clock/speed/1', '× 1')}
      ${clock.speed === 60 ? html`` : button('/clock/speed/60', '× 60')}
    </div>
  </section>`;
}

/** Renders a page in its frame: navigation, clock, notice and title. */
export function layout(page: Page, clock: ClockState): Html {
  const navigation = sections.map(([path, name]) =>
    path === page.section
      ? html`<a href="${path}" aria-current="page">${name}</a>`
      : html`<a href="${path}">${name}</a>`,
  );
  const refresh =
    page.refresh === undefined ? html`` : html`<meta http-equiv="refresh" content="${page.refresh}" />`;
  const notice =
    page.notice === undefined ? html`` : html`<p class="notice" role="status">${page.notice}</p>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <title>${page.title} · Appmax simulator</title>
        <link rel="stylesheet" href="/assets/simulator.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header>
          <p class="brand">
            <span class="brand-mark" aria-hidden="true">a</span> Appmax <span class="tag">simulator</span>
          </p>
          <nav aria-label="Sections">${navigation}</nav>
        </header>
        ${clockBar(clock)}
        <main>
          ${notice}
          <h1>${page.title}</h1>
          ${page.content}
        </main>
      </body>
    </html>`;
}
