/** How the documentation looks: in the dashboard's colours, light and dark. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --ground: #fafaf9;
  --surface: #ffffff;
  --sunken: #f4f4f2;
  --line: #e5e5e1;
  --text: #1b1c1e;
  --muted: #5c5e62;
  --accent: #3544b8;
  --accent-soft: #eceefc;
  --get: #0b7285;
  --post: #2b8a4b;
  --put: #99600a;
  --delete: #c2342c;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1012;
    --surface: #16171a;
    --sunken: #1c1d21;
    --line: #2b2d33;
    --text: #e9e9e7;
    --muted: #a6a8ad;
    --accent: #a6b1fb;
    --accent-soft: #22263f;
    --get: #63c3d3;
    --post: #58b678;
    --put: #e0b060;
    --delete: #f0837b;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); scroll-padding-top: 72px; -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 15px/1.6 var(--sans); }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: var(--mono); font-size: 0.86em; }
code { overflow-wrap: anywhere; }
p code, td code, li code { background: var(--sunken); border-radius: 4px; padding: 0.1em 0.3em; }

.top { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; justify-content: space-between; gap: 16px; height: 56px; padding: 0 24px; background: var(--surface); border-bottom: 1px solid var(--line); }
.brand { color: var(--text); font-weight: 650; letter-spacing: -0.01em; text-decoration: none; }
.brand span { color: var(--muted); font-weight: 450; }
.top nav { display: flex; gap: 20px; }
.top nav a { text-decoration: none; }

.columns { display: grid; grid-template-columns: 272px minmax(0, 1fr); max-width: 1280px; margin: 0 auto; }
.contents { position: sticky; top: 56px; align-self: start; max-height: calc(100vh - 56px); overflow-y: auto; padding: 24px 16px 48px 24px; font-size: 14px; }
.contents ul { list-style: none; margin: 0 0 12px; padding: 0; }
.contents a { display: flex; align-items: baseline; gap: 8px; padding: 3px 8px; border-radius: 6px; color: var(--text); text-decoration: none; }
.contents a:hover { background: var(--sunken); }
.contents summary { padding: 5px 8px; font-weight: 600; cursor: pointer; border-radius: 6px; }
.contents .method { width: 46px; flex: none; font-size: 10px; background: none; padding: 0; }

main { padding: 24px 40px 96px; border-left: 1px solid var(--line); min-width: 0; }
main > section { max-width: 820px; }
h2 { margin: 56px 0 8px; font-size: 24px; line-height: 1.25; letter-spacing: -0.015em; text-wrap: balance; }
main > section:first-child h2 { margin-top: 0; }
h3 { margin: 0 0 6px; font-size: 17px; line-height: 1.35; text-wrap: pretty; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
p { margin: 8px 0; }
.endpoint { margin: 20px 0; padding: 20px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.endpoint:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.address { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 0 0 8px; }
.address code { background: none; padding: 0; }
.method { font: 600 11px/1 var(--mono); letter-spacing: 0.02em; padding: 4px 6px; border-radius: 5px; background: var(--sunken); }
.get { color: var(--get); }
.post { color: var(--post); }
.put, .patch { color: var(--put); }
.delete { color: var(--delete); }
.scope { margin-left: auto; font-size: 12px; color: var(--muted); border: 1px solid var(--line); border-radius: 99px; padding: 1px 10px; white-space: nowrap; }
pre { margin: 12px 0; padding: 14px 16px; overflow-x: auto; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; line-height: 1.55; user-select: all; }
.statuses { margin-bottom: 0; color: var(--muted); font-size: 13px; }
.statuses a { color: inherit; }
.rules { padding-left: 20px; }
.rules li { margin: 8px 0; }

table { width: 100%; margin: 12px 0; border-collapse: collapse; font-size: 14px; }
caption { text-align: left; padding: 4px 0 6px; font-size: 12px; font-weight: 600; letter-spacing: 0.04em; text-transform: uppercase; color: var(--muted); }
th, td { vertical-align: top; text-align: left; padding: 7px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { width: 34%; padding-right: 16px; font-weight: 500; }
th code { background: none; padding: 0; }
.type { color: var(--muted); }
.required { font-size: 11px; color: var(--put); white-space: nowrap; }
details > summary { cursor: pointer; color: var(--accent); }
.contents details > summary { color: var(--text); }

@media (max-width: 820px) {
  html { scroll-padding-top: 64px; }
  .top { padding: 0 16px; height: 48px; }
  .columns { grid-template-columns: minmax(0, 1fr); }
  .contents { position: static; max-height: none; padding: 16px 16px 0; border-bottom: 1px solid var(--line); }
  main { padding: 16px 16px 64px; border-left: 0; }
  .endpoint { margin: 16px -4px; padding: 16px; }
  .scope { margin-left: 0; }
  h2 { margin-top: 40px; font-size: 21px; }
  table, tbody, tr, th, td { display: block; width: 100%; }
  caption { display: block; }
  th { border-top: 1px solid var(--line); padding: 8px 0 0; }
  td { border-top: 0; padding: 0 0 8px; }
}
`;
