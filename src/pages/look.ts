/** The colours of the day and of the night, wherever they are wanted: as the system is, or a host says. */
export const light = `--ground: #eef1f5; --sheet: #ffffff; --ink: #18202b; --soft: #546072; --line: #dfe4ea; --edge: #78849a;
  --quote: #f5f7fa; --error: #a4161a; --error-ground: #fdf0ef; --focus: #1d4ed8;
  --mark: #2450b2; --mark-ground: #eaf0fd; --press: #2450b2; --press-over: #1b3f90;
  --good: #14633a; --soon: #7a4a00; --bad: #a4161a; --fill: #2f62c9; --fill-bad: #c0392f; --fill-good: #2b7d51;`;
export const dark = `--ground: #0d1117; --sheet: #161c25; --ink: #e8edf4; --soft: #a3afc0; --line: #2b3443; --edge: #738096;
  --quote: #1c2430; --error: #ffb3ab; --error-ground: #34191a; --focus: #8ab4ff;
  --mark: #a8c5ff; --mark-ground: #1c2b48; --press: #3565d0; --press-over: #2955b8;
  --good: #8fdcae; --soon: #f5c97a; --bad: #ffb3ab; --fill: #6f9bf5; --fill-bad: #e5786d; --fill-good: #4fae7a;`;

/**
 * What all our pages look like, the one that asks for a yes and those that show numbers: colours, letters, the sheet.
 * One style sheet, nothing fetched; contrast is AA in light and dark (tests look). Paper is always light.
 */
export const look = `
:root {
  color-scheme: light dark;
  ${light}
}
[data-kind="irreversible"] { --mark: #a4161a; --mark-ground: #fdecea; --press: #b3261e; --press-over: #8f1d17; }
[data-kind="removing"], [data-kind="power"] { --mark: #7a4a00; --mark-ground: #fdf3e1; }
[data-kind="done"] { --mark: #14633a; --mark-ground: #e6f5ec; }
[data-kind="shut"] { --mark: #465164; --mark-ground: #edf0f4; }
@media screen and (prefers-color-scheme: dark) {
  :root { ${dark} }
  [data-kind="irreversible"] { --mark: #ffb3ab; --mark-ground: #3d1d1d; --press: #c5382e; --bar: #c5382e; --press-over: #ab2c23; }
  [data-kind="removing"], [data-kind="power"] { --mark: #f5c97a; --mark-ground: #37290f; }
  [data-kind="done"] { --mark: #8fdcae; --mark-ground: #14301f; }
  [data-kind="shut"] { --mark: #c3ccd9; --mark-ground: #262f3d; }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; padding: clamp(1rem, 5vw, 3.5rem) clamp(.75rem, 4vw, 2rem) 2rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header, main, footer { max-width: 42rem; margin-inline: auto; }
header { padding: 0 .25rem .75rem; color: var(--soft); font-size: .875rem; }
header strong { color: var(--ink); font-weight: 650; }
main {
  background: linear-gradient(var(--bar, var(--mark)) 5px, transparent 5px) var(--sheet); border: 1px solid var(--line);
  border-radius: .75rem; padding: clamp(1.25rem, 5vw, 2.25rem);
  box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px -16px rgb(0 0 0 / .18);
}
footer { padding: 1rem .25rem; color: var(--soft); font-size: .8125rem; }
h1, h2, p, ul, dl, dd, li, td, th { margin: 0; padding: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
h1 { font-size: clamp(1.375rem, 1.1rem + 1.4vw, 1.75rem); line-height: 1.25; font-weight: 680; letter-spacing: -.01em; text-wrap: balance; }
h2, legend { font-size: .875rem; font-weight: 650; color: var(--soft); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
[hidden] { display: none !important; }
@media print { :root { color-scheme: light; } }
`;
