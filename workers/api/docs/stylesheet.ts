/** The look of the reference: light and dark by the reader's system, one column on phones. */
export const referenceCss = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #0d1117);
  --raised: light-dark(#f6f8fa, #141a23);
  --line: light-dark(#dfe4ea, #27303c);
  --text: light-dark(#1b2430, #dbe3ec);
  --quiet: light-dark(#566273, #93a1b3);
  --accent: light-dark(#0b5fc4, #6cb1ff);
  --code-page: light-dark(#101722, #090d13);
  --code-text: #d6deea;
  --get: light-dark(#0b6b3a, #5fd393);
  --post: light-dark(#0b5fc4, #6cb1ff);
  --patch: light-dark(#8a5200, #e8b04f);
  --delete: light-dark(#b3202f, #ff8a93);
  --side: 17rem;
  --bar: 3.5rem;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: calc(var(--bar) + 1rem); -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, pre { font-family: ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.86em; }
pre code { font-size: inherit; }
:not(pre) > code { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 0.05em 0.3em; overflow-wrap: anywhere; }
.skip { position: fixed; top: -5rem; left: 1rem; z-index: 9; background: var(--page); padding: 0.5rem 1rem; }
.skip:focus { top: 0.5rem; }

header { position: fixed; inset: 0 0 auto 0; height: var(--bar); z-index: 3; display: flex; align-items: center; gap: 1rem; padding: 0 1.5rem; background: var(--page); border-bottom: 1px solid var(--line); }
.brand { font-weight: 650; font-size: 1rem; color: var(--text); text-decoration: none; letter-spacing: -0.01em; white-space: nowrap; }
.brand span { color: var(--quiet); font-weight: 500; }
button { font: inherit; color: inherit; cursor: pointer; }
.menu { display: none; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.75rem; }
.language { margin: 0 0 0 auto; padding: 0; border: 0; display: flex; align-items: center; gap: 0.25rem; }
.language legend { float: left; color: var(--quiet); font-size: 0.85rem; margin-right: 0.5rem; padding: 0; }
.language input { position: absolute; opacity: 0; }
.language label { padding: 0.25rem 0.7rem; border: 1px solid var(--line); border-radius: 6px; font-size: 0.85rem; cursor: pointer; }
.language input:checked + label { background: var(--text); color: var(--page); border-color: var(--text); }
.language input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px; }

nav { display: block; position: fixed; inset: var(--bar) auto 0 0; width: var(--side); height: auto; margin: 0; border: 0; border-right: 1px solid var(--line); background: var(--page); color: var(--text); overflow-y: auto; padding: 1rem 0.75rem 3rem 1.25rem; font-size: 0.85rem; }
.filter { margin: 0 0 0.75rem; }
.filter label { display: block; color: var(--quiet); font-size: 0.8rem; margin-bottom: 0.2rem; }
.filter input { width: 100%; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.6rem; }
.filter input::placeholder { color: var(--quiet); opacity: 1; }
nav summary { cursor: pointer; font-weight: 600; padding: 0.45rem 0; }
nav ul { list-style: none; margin: 0 0 0.5rem; padding: 0; }
nav li a { display: flex; gap: 0.5rem; align-items: baseline; padding: 0.2rem 0.5rem; border-radius: 5px; color: var(--quiet); text-decoration: none; }
nav li a:hover { background: var(--raised); color: var(--text); }
nav li a[aria-current] { background: var(--raised); color: var(--text); font-weight: 550; }
nav .path { overflow-wrap: anywhere; min-width: 0; }
nav .method { flex: 0 0 3.1rem; font-size: 0.64rem; }

main { margin: var(--bar) 0 0 var(--side); padding: 2rem 3rem 6rem; max-width: 96rem; }
main:focus { outline: none; }
h1 { font-size: 2rem; letter-spacing: -0.02em; margin: 0.5rem 0; line-height: 1.2; }
h2 { font-size: 1.45rem; letter-spacing: -0.015em; margin: 3.5rem 0 0.25rem; }
h3 { font-size: 1.12rem; margin: 0 0 0.4rem; line-height: 1.35; }
h4 { font-size: 0.95rem; margin: 1.1rem 0 0.25rem; }
p { margin: 0 0 0.75rem; }
.lead { color: var(--quiet); max-width: 46rem; }
.anchor { color: inherit; text-decoration: none; }
.anchor:hover { text-decoration: underline; }
.operation { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 0.82fr); gap: 3rem; padding: 2.25rem 0; border-top: 1px solid var(--line); }
.group > .operation:first-of-type { border-top: 0; }
.said { min-width: 0; max-width: 46rem; }
.whole { grid-column: 1 / -1; }
.shown { min-width: 0; }
.shown > :first-child { margin-top: 0; }
@media (min-width: 64.01rem) { .shown { position: sticky; top: calc(var(--bar) + 1.5rem); align-self: start; max-height: calc(100vh - var(--bar) - 3rem); overflow-y: auto; } }

.route { display: flex; gap: 0.6rem; align-items: baseline; flex-wrap: wrap; color: var(--quiet); }
.method { font: 600 0.74rem/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.method-get { color: var(--get); }
.method-post { color: var(--post); }
.method-put, .method-patch { color: var(--patch); }
.method-delete { color: var(--delete); }
.status { font: 0.8rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin: 0 0 1rem; font-size: 0.85rem; }
.facts div { display: flex; gap: 0.4rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; }

.fields { width: 100%; border-collapse: collapse; margin: 0.75rem 0 1.25rem; font-size: 0.88rem; table-layout: fixed; }
.fields caption { text-align: left; font-weight: 600; padding-bottom: 0.3rem; }
.fields thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.fields th, .fields td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
.fields th { width: 42%; }
.fields th code { font-weight: 550; background: none; border: 0; padding: 0; }
.type, .bounds { color: var(--quiet); font-size: 0.92em; }
.required { color: var(--delete); font-size: 0.85em; margin-left: 0.25rem; white-space: nowrap; }
details.answer > summary, details.refusals > summary, .message details > summary { cursor: pointer; font-weight: 600; font-size: 0.9rem; padding: 0.3rem 0; }
.refusals ul { list-style: none; margin: 0.25rem 0; padding: 0; font-size: 0.88rem; }
.refusals li { padding: 0.15rem 0; }
.message { margin: 1rem 0 1.5rem; max-width: 60rem; }

pre { margin: 0; padding: 0.9rem 1rem; background: var(--code-page); color: var(--code-text); border: 1px solid var(--line); border-radius: 8px; overflow: auto; max-height: 32rem; line-height: 1.55; tab-size: 2; }
.code { position: relative; margin-bottom: 0.75rem; }
.shown pre, .message pre { margin-bottom: 0.75rem; }
.code pre { margin-bottom: 0; }
.copy { position: absolute; top: 0.5rem; right: 0.5rem; padding: 0.1rem 0.55rem; font-size: 0.75rem; color: var(--code-text); background: #26303e; border: 1px solid #435063; border-radius: 5px; opacity: 0; }
.code:hover .copy, .copy:focus-visible { opacity: 1; }
.answered { font: 600 0.78rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--get); margin: 1rem 0 0.35rem; }
:root:has(#language-curl:checked) .typescript, :root:has(#language-typescript:checked) .curl { display: none; }

@media (max-width: 64rem) {
  .operation { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
  .said { max-width: none; }
}
@media (max-width: 48rem) {
  header { padding: 0 1rem; gap: 0.75rem; }
  .menu { display: block; }
  .brand span { display: none; }
  .language legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  nav { display: none; inset: var(--bar) 0 0 0; width: auto; max-width: none; border-right: 0; z-index: 2; }
  nav:popover-open { display: block; }
  nav li a { padding-block: 0.45rem; }
  main { margin-left: 0; padding: 1.25rem 1rem 4rem; }
  h1 { font-size: 1.6rem; }
  .fields, .fields tbody { display: block; }
  .fields caption { display: block; }
  .fields tr { display: block; padding: 0.5rem 0; border-top: 1px solid var(--line); }
  .fields th, .fields td { display: block; width: auto; border: 0; padding: 0.1rem 0; }
  .copy { opacity: 1; }
}
@media (forced-colors: active) { .method, .required { forced-color-adjust: none; } }
`;
