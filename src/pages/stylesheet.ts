/** The variables of the design system for light and dark: the same text as at the start of `web/shared/styles.css`. */
export const VARIABLES = `
:root {
  color-scheme: light dark;
  --page: #f5f6f4;
  --surface: #fff;
  --text: #1b211e;
  --soft: #57605b;
  --line: #cfd6d1;
  --edge: #7b867f;
  --accent: #0b6e4f;
  --accent-hover: #095a41;
  --on-accent: #fff;
  --tint: #e7f3ee;
  --bad: #b3261e;
  --bad-tint: #fcebe9;
  --wait: #7a5200;
  --wait-tint: #fff3d9;
  --focus: #1a56db;
  --radius: 0.6rem;
  --space: 1rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121614;
    --surface: #1b211e;
    --text: #eef2ef;
    --soft: #aab5ae;
    --line: #38413c;
    --edge: #86928b;
    --accent: #4fc49a;
    --accent-hover: #6fd3ae;
    --on-accent: #06261b;
    --tint: #17352a;
    --bad: #ffb4ab;
    --bad-tint: #3d1512;
    --wait: #ffd27a;
    --wait-tint: #3a2b08;
    --focus: #9ec1ff;
  }
}
`.trim();

/** The stylesheet of all pages: readable on a phone, dark if the browser prefers dark. */
export const STYLESHEET = `${VARIABLES}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 1.5rem auto; padding: 1.5rem 1.25rem 2rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
@media (max-width: 42rem) { main { margin: 0; border: 0; border-radius: 0; } }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; line-height: 1.25; margin: 2rem 0 .5rem; }
a { color: var(--accent); }
code { font: .9em ui-monospace, monospace; padding: .1em .3em; box-decoration-break: clone; -webkit-box-decoration-break: clone; background: var(--page); border: 1px solid var(--line); border-radius: .3em; }
ul, ol { padding-left: 1.25rem; }
li { margin: .3rem 0; }
label { display: block; margin: 1rem 0; font-weight: 600; }
input { display: block; width: 100%; min-height: 2.9rem; margin-top: .3rem; padding: .65rem .75rem; color: inherit; background: var(--surface); font: inherit; font-weight: 400; border: 1px solid var(--edge); border-radius: .45rem; }
button { min-height: 2.9rem; padding: .65rem 1.4rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .45rem; cursor: pointer; }
button:hover { background: var(--accent-hover); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`.trim();
