/** The stylesheet of all pages. It is in code, so that the built program needs no other file. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --surface: #ffffff; --text: #17212b; --muted: #5c6b7a; --line: #d9e0e7;
  --accent: #5b2ea6; --accent-text: #ffffff;
  --good: #0b6b3a; --good-ground: #dcf5e6; --wait: #7a4b00; --wait-ground: #fdeecb; --bad: #a01c2c; --bad-ground: #fde2e4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12171d; --surface: #1b222a; --text: #e8edf2; --muted: #9aa8b5; --line: #313c47;
    --accent: #a98bf0; --accent-text: #16111f;
    --good: #8fe3b3; --good-ground: #123524; --wait: #f6cf7c; --wait-ground: #3b2c0a; --bad: #ffb0b8; --bad-ground: #421820;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0 24px; align-items: center; padding: 8px 20px; background: var(--surface); border-bottom: 1px solid var(--line); }
main { max-width: 1180px; margin: 0 auto; padding: 16px 20px 64px; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 8px 0 12px; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 28px 0 10px; }
h3 { font-size: 1rem; margin: 0 0 4px; }
p { margin: 0 0 10px; }
a { color: var(--accent); }
.brand { margin: 0; font-weight: 700; display: flex; gap: 8px; align-items: center; }
.brand-mark { display: inline-grid; place-items: center; width: 28px; height: 28px; border-radius: 8px; background: var(--accent); color: var(--accent-text); font-weight: 800; }
.tag { font-size: .72rem; font-weight: 600; padding: 1px 7px; border: 1px solid var(--line); border-radius: 99px; color: var(--muted); }
header .brand { padding: 4px 0; }
nav { display: flex; flex-wrap: wrap; gap: 2px; }
nav a { padding: 8px 10px; border-radius: 8px; text-decoration: none; color: var(--text); }
nav a:hover { background: var(--ground); }
nav a[aria-current] { background: var(--accent); color: var(--accent-text); }
.clock { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; padding: 6px 20px; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.clock p { margin: 0; }
.muted, .empty { color: var(--muted); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
form.inline { display: inline-flex; gap: 6px; margin: 0; align-items: center; }
button { font: inherit; font-weight: 600; min-height: 40px; padding: 6px 14px; border-radius: 8px; border: 1px solid var(--line); background: var(--surface); color: var(--text); cursor: pointer; }
button:hover { border-color: var(--accent); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-text); }
.clock button { min-height: 32px; padding: 2px 10px; font-size: .85rem; }
.clock .buttons { margin: 0; gap: 6px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input, select, textarea { font: inherit; width: 100%; min-height: 40px; padding: 6px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--text); }
select { appearance: none; padding-right: 34px; text-overflow: ellipsis; background-repeat: no-repeat; background-position: right 12px center; background-image: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='12' height='8' fill='none' stroke='%237a8896' stroke-width='2'%3E%3Cpath d='m1 1 5 5 5-5'/%3E%3C/svg%3E"); }
form.inline select { width: auto; }
form.inline label input, form.inline label select { margin-top: 0; }
small { font-size: .8rem; font-weight: 400; }
button small { opacity: .85; margin-left: 4px; }
label { display: block; font-size: .85rem; color: var(--muted); }
label input, label select { margin-top: 2px; font-size: 1rem; color: var(--text); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 16px; margin: 0 0 12px; }
.card h2 { margin-top: 0; }
fieldset.card { min-width: 0; padding-top: 4px; }
fieldset.card .grid { margin-top: 4px; }
legend { font-weight: 700; padding: 0 6px; margin-left: -6px; }
label > .code { color: var(--text); font-weight: 600; }
label > small { display: block; line-height: 1.3; }
.save { position: sticky; bottom: 0; padding: 10px 0; background: var(--ground); border-top: 1px solid var(--line); }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 12px; align-items: end; margin: 12px 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 0 32px; }
table + .card, table + form { margin-top: 16px; }
table { width: 100%; border-collapse: collapse; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid var(--line); vertical-align: middle; }
tbody tr:last-child td { border-bottom: 0; }
th { font-size: .78rem; color: var(--muted); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.badge { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: .85rem; font-weight: 600; }
.badge.good { background: var(--good-ground); color: var(--good); }
.badge.wait { background: var(--wait-ground); color: var(--wait); }
.badge.bad { background: var(--bad-ground); color: var(--bad); }
.bad-text { color: var(--bad); }
.notice { background: var(--good-ground); color: var(--good); border-radius: 8px; padding: 8px 14px; overflow-wrap: anywhere; }
.notice.bad { background: var(--bad-ground); color: var(--bad); }
.status { font-size: 1.2rem; display: flex; gap: 12px; align-items: center; }
.status .badge { font-size: 1rem; }
.code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .85rem; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 14px; overflow: auto; max-width: 100%; }
td pre { max-width: 320px; margin: 8px 0 0; }
details { margin: 0 0 12px; }
td details { margin: 0; }
summary { cursor: pointer; padding: 4px 0; }
.next { margin: 0 0 8px; }
.actions { margin: 0; display: grid; gap: 8px; }
.actions > div { display: grid; grid-template-columns: 8.5rem 1fr; align-items: center; }
.actions dt { color: var(--muted); font-size: .85rem; }
.actions dd { margin: 0; }
.history { list-style: none; margin: 0; padding: 0 0 0 14px; border-left: 2px solid var(--line); }
.history li { margin: 0 0 10px; display: flex; flex-wrap: wrap; gap: 4px 10px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 10px 24px; margin: 0 0 16px; }
.facts dt { font-size: .8rem; color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.pix { display: flex; flex-wrap: wrap; gap: 12px; }
.pix img { background: #ffffff; border-radius: 8px; image-rendering: pixelated; }
.pix textarea { flex: 1 1 220px; resize: none; field-sizing: content; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .8rem; }
.consent { display: grid; place-items: center; min-height: 100vh; padding: 20px; }
.consent-card { width: 100%; max-width: 440px; background: var(--surface); border: 1px solid var(--line); border-radius: 16px; padding: 28px; box-shadow: 0 10px 30px rgb(0 0 0 / .08); }
.consent-card h1 { margin-top: 20px; }
.consent-card form { display: grid; gap: 14px; margin: 20px 0 12px; }
.consent-card strong { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
.consent-card .primary { min-height: 46px; }
.permissions { margin: 0 0 14px; padding: 0; list-style: none; }
.permissions li { padding: 4px 0 4px 26px; position: relative; }
.permissions li::before { content: '✓'; position: absolute; left: 4px; color: var(--good); font-weight: 700; }
.note { font-size: .85rem; color: var(--muted); margin: 0; }
@media (max-width: 720px) {
  table, tbody, tr, td { display: block; width: 100%; }
  thead { display: none; }
  table { border: 0; background: none; border-radius: 0; }
  tr { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; margin: 0 0 10px; padding: 6px 12px; }
  td { border: 0; padding: 4px 0; display: flex; justify-content: space-between; gap: 16px; text-align: right; overflow-wrap: anywhere; }
  td::before { content: attr(data-label); color: var(--muted); font-size: .85rem; text-align: left; flex: none; }
  td[data-label='']::before { content: none; }
  td[data-label=''] { justify-content: flex-end; }
  td pre { max-width: 60vw; text-align: left; }
  header { padding: 8px 12px; }
  nav { margin: 0 -10px; }
  nav a { padding: 6px 10px; }
  .clock .buttons { gap: 4px; }
  .clock button { padding: 2px 8px; font-size: .8rem; }
  .facts { grid-template-columns: 1fr 1fr; }
  .actions > div { grid-template-columns: 1fr; gap: 4px; }
  .actions .buttons form, .actions .buttons button { width: 100%; }
  .actions button { min-height: 44px; text-align: left; }
  .actions small { display: block; margin-left: 0; }
  .consent { padding: 12px; }
  .consent-card { padding: 20px; }
  main, .clock { padding-left: 12px; padding-right: 12px; }
}
`;
