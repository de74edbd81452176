import { dark, light } from "./look.ts";

/**
 * What an app has otherwise than a page: the host draws the sheet around it and says in which colours. Nothing is
 * measured by the window's height, which follows what is in it.
 */
export const lookOfApps = `
:root[data-theme="light"] { color-scheme: light; ${light} }
:root[data-theme="dark"] { color-scheme: dark; ${dark} }
body {
  padding: var(--inset-top, 0) var(--inset-right, 0) var(--inset-bottom, 0) var(--inset-left, 0); background: var(--sheet);
  font-family: var(--letters, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
}
main { max-width: none; padding: 1rem; border: 0; border-radius: 0; box-shadow: none; background: none; }
.numbers { margin-top: 1rem; }
.charts, section { margin-top: 1.5rem; }
figure { overflow-x: clip; overflow-clip-margin: 8px; }
.scroll { margin-top: .75rem; max-height: 32rem; }
.scroll td { overflow-wrap: break-word; }
.scroll td > bdi { display: block; max-height: 20em; overflow: hidden; }
.step { min-height: 2.5rem; padding: .4rem .9rem; font: inherit; font-size: .875rem; font-weight: 600; color: var(--ink); background: var(--sheet); border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer; }
.step:hover { background: var(--quote); }
.back { margin: 1rem 1rem 0; }
.steps { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-top: .75rem; }
.said { color: var(--soft); font-size: .875rem; }
[data-now] > .said:not(:empty) { margin: 1rem 1rem 0; }
.reply { margin: 0; font: inherit; font-size: .9375rem; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
