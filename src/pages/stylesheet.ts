/** The stylesheet of all pages: readable on a phone, dark if the browser prefers dark. */
export const STYLESHEET = `
:root { color-scheme: light dark; --line: #8884; --accent: #0b6e4f; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: inherit; }
code { font: .9em ui-monospace, monospace; padding: .1em .3em; box-decoration-break: clone; -webkit-box-decoration-break: clone; border: 1px solid var(--line); border-radius: .3em; }
ul, ol { padding-left: 1.25rem; }
li { margin: .3rem 0; }
label { display: block; margin: 1rem 0; font-weight: 600; }
input { display: block; width: 100%; margin-top: .3rem; padding: .7rem; font: inherit; font-weight: 400; border: 1px solid var(--line); border-radius: .4rem; }
button { min-height: 2.75rem; padding: .6rem 1.4rem; font: inherit; font-weight: 600; color: #fff; background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
`.trim();
