import { createHash } from "node:crypto";
import { look } from "../../../pages/look.ts";

/** The page's only style sheet; nothing is fetched. */
export const style = `${look}.kind {
  display: inline-block; margin-bottom: .75rem; padding: .2rem .65rem; border-radius: 1rem;
  background: var(--mark-ground); color: var(--mark); font-size: .8125rem; font-weight: 650;
}
.facts { margin-top: 1rem; padding-left: 1.2rem; }
.facts li + li { margin-top: .3rem; }
.facts li::marker { color: var(--mark); }
section { margin-top: 1.5rem; }
.stored { padding: .85rem 1rem; background: var(--quote); border-left: 3px solid var(--edge); border-radius: 0 .4rem .4rem 0; }
.stored ul { list-style: none; margin-top: .35rem; }
.stored li { font-family: ui-serif, Georgia, Cambria, "Noto Serif", serif; padding-block: .1rem; }
.note { color: var(--soft); font-size: .8125rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; font-size: .9375rem; }
dt { color: var(--soft); }
table { width: 100%; margin-top: .75rem; border-collapse: collapse; table-layout: fixed; font-size: .875rem; }
caption { padding-bottom: .35rem; text-align: left; color: var(--soft); font-weight: 650; }
th, td { padding: .4rem .5rem .4rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { width: 36%; color: var(--soft); font-weight: 400; }
td { font-family: ui-monospace, SFMono-Regular, Consolas, "Liberation Mono", monospace; font-size: .8125rem; line-height: 1.6; }
form { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; }
.until { margin-top: .15rem; }
.field { margin-top: 1.1rem; }
label { display: block; font-weight: 600; overflow-wrap: anywhere; }
label b { font: 600 .9375em ui-monospace, SFMono-Regular, Consolas, "Liberation Mono", monospace; background: var(--mark-ground); color: var(--mark); padding: .1em .35em; border-radius: .3em; white-space: pre-wrap; }
input {
  width: 100%; max-width: 26rem; min-height: 2.9rem; margin-top: .45rem; padding: .5rem .75rem; font: inherit;
  color: var(--ink); background: var(--sheet); border: 1px solid var(--edge); border-radius: .5rem;
}
input[aria-invalid="true"] { border-color: var(--error); border-width: 2px; }
.error { margin-top: 1rem; padding: .7rem .9rem; background: var(--error-ground); color: var(--error); border-left: 3px solid var(--error); border-radius: 0 .4rem .4rem 0; font-weight: 550; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button {
  flex: 0 1 auto; min-width: 9rem; min-height: 2.9rem; padding: .5rem 1.5rem; font: inherit; font-weight: 650;
  border: 1px solid var(--edge); border-radius: .5rem; background: var(--sheet); color: var(--ink); cursor: pointer;
}
button:hover { background: var(--quote); }
button[value="approve"] { background: var(--press); border-color: var(--press); color: #ffffff; }
button[value="approve"]:hover { background: var(--press-over); border-color: var(--press-over); }
.lead { margin-top: .75rem; }
.about { margin-bottom: .5rem; color: var(--soft); font-size: .9375rem; }
@media (max-width: 30rem) {
  button { flex: 1 1 100%; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: .4rem; }
  th { width: 42%; }
}
`;

/** What a content security policy calls a sheet. */
export const sourceOf = (sheet: string): string =>
  `'sha256-${createHash("sha256").update(sheet).digest("base64")}'`;
export const styleSource = sourceOf(style);

/** A page shows itself and sends its own form to where it came from; nothing is fetched, framed or kept. */
export const pageHeaders = (source: string) => ({
  "content-security-policy": `default-src 'none'; style-src ${source}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  // Not `no-referrer`: with it, a browser calls the form's origin "null".
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
});
