/** What boards have besides `look`: wider than a question, numbers, bars, a table that scrolls in itself. */
export const lookOfBoards = `
header, main, footer { max-width: 72rem; }
.about { margin-top: .35rem; color: var(--soft); }
.time { margin-top: .35rem; font-weight: 650; }
.not-done { margin-top: .75rem; padding: .35rem .75rem; border-inline-start: 4px solid var(--mark); background: var(--quote); font-weight: 650; }
.pretend { margin-bottom: .75rem; padding: .35rem .75rem; border-radius: .4rem; background: var(--mark-ground); color: var(--mark); font-size: .875rem; }
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
.numbers div { padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--quote); }
.numbers dt { color: var(--soft); font-size: .8125rem; line-height: 1.3; }
.numbers dt::first-letter { text-transform: uppercase; }
.numbers dd { font-size: 1.625rem; line-height: 1.3; font-weight: 680; font-variant-numeric: tabular-nums; }
.numbers [data-tone="bad"] dd { color: var(--bad); }
.numbers [data-tone="soon"] dd { color: var(--soon); }
.numbers [data-tone="good"] dd { color: var(--good); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 2rem; margin-top: 2rem; }
.charts:empty { display: none; }
figure { margin: 0; min-width: 0; }
h2 { font-size: 1rem; color: var(--ink); }
.bars { list-style: none; margin: .5rem 0 0; padding: 0; }
.bars li { padding-block: .25rem; break-inside: avoid; }
.bars .bar { display: block; width: 100%; min-width: 0; min-height: 0; padding: 0; border: 0; background: none; font: inherit; color: inherit; text-align: start; }
.bars .words { display: flex; justify-content: space-between; gap: 1rem; font-size: .875rem; line-height: 1.4; }
.bars .words span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars b { white-space: nowrap; }
.bars b, .columns text.value { font-weight: 650; font-variant-numeric: tabular-nums; }
button.bar { cursor: pointer; border-radius: .3rem; }
button.bar:hover .words { text-decoration: underline; }
.bars svg { display: block; width: 100%; height: .55rem; margin-top: .15rem; }
[dir="rtl"] .bars svg { transform: scaleX(-1); }
.track { fill: var(--line); }
.fill { fill: var(--fill); }
[data-tone="bad"] .fill { fill: var(--fill-bad); }
[data-tone="good"] .fill { fill: var(--fill-good); }
.columns { display: block; width: 100%; height: 15rem; margin-top: .5rem; overflow: visible; }
.columns line { stroke: var(--line); }
.columns text { fill: var(--soft); font-size: .75rem; }
.columns text.value { fill: var(--ink); }
.columns [role="button"] { cursor: pointer; }
.more { margin-top: .5rem; color: var(--soft); font-size: .8125rem; }
section { margin-top: 2rem; }
.tools { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem 1rem; margin-top: .5rem; }
.tools label { font-size: .8125rem; font-weight: 600; color: var(--soft); }
.tools input { display: block; width: min(20rem, 100%); min-height: 2.5rem; padding: .4rem .7rem; font: inherit; color: var(--ink); background: var(--sheet); border: 1px solid var(--edge); border-radius: .5rem; }
.tools output { padding-bottom: .6rem; color: var(--soft); font-size: .8125rem; }
.scroll { margin-top: .75rem; max-height: 85vh; overflow: auto; border: 1px solid var(--line); border-radius: .5rem; }
.scroll table { width: 100%; border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
.scroll th, .scroll td { min-width: 4.5rem; max-width: 22rem; padding: .45rem .75rem; border-top: 1px solid var(--line); text-align: start; vertical-align: top; }
.scroll td { overflow-wrap: anywhere; }
.scroll thead th { position: sticky; top: 0; border-top: 0; background: var(--quote); color: var(--soft); font-weight: 650; overflow-wrap: normal; vertical-align: bottom; }
.scroll .n { text-align: end; }
.scroll td.n { white-space: nowrap; }
.scroll .t { min-width: 8rem; }
.scroll .d { white-space: nowrap; }
.scroll thead button { text-align: inherit; min-width: 0; min-height: 0; padding: 0; border: 0; background: none; font: inherit; color: inherit; cursor: pointer; }
.scroll thead button::after { content: "\\2195"; padding-inline-start: .3em; opacity: .45; }
.scroll [aria-sort="ascending"] button::after { content: "\\2191"; opacity: 1; }
.scroll [aria-sort="descending"] button::after { content: "\\2193"; opacity: 1; }
.scroll tfoot td { background: var(--quote); font-weight: 650; }
.scroll .sign { display: none; }
.h1 { background: color-mix(in srgb, var(--fill) 8%, transparent); }
.h2 { background: color-mix(in srgb, var(--fill) 18%, transparent); }
.h3 { background: color-mix(in srgb, var(--fill) 30%, transparent); }
.h4 { background: color-mix(in srgb, var(--fill) 42%, transparent); }
.hidden-words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.notes { margin-top: 1.5rem; padding-inline-start: 1.2rem; color: var(--soft); font-size: .875rem; }
.texts pre { margin: .5rem 0 0; padding: .85rem 1rem; background: var(--quote); border: 1px solid var(--line); border-radius: .5rem; font: inherit; font-size: .9375rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.texts article + article { margin-top: 1.25rem; }
.texts h3 { margin: 0; font-size: .9375rem; overflow-wrap: anywhere; }
@page { margin: 14mm; }
@media print {
  body { padding: 0; background: none; font-size: 10pt; }
  header, main, footer { max-width: none; }
  main { padding: 0; border: 0; box-shadow: none; background: none; }
  .tools, .scroll thead button::after { display: none; }
  .scroll { max-height: none; overflow: visible; border: 0; }
  .scroll thead th { position: static; }
  .scroll table { font-size: 8.5pt; }
  .scroll table { min-width: 0 !important; }
  .scroll th, .scroll td, .scroll .t { min-width: 0; overflow-wrap: anywhere; padding: .2rem .4rem; }
  .scroll .sign { display: table-cell; width: 9em; border-inline-start: 1px solid var(--line); }
  .scroll tr:has(td.sign) td { padding-block: .55rem; }
  .charts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 7.5cm), 1fr)); }
  tr, .numbers div, figure li { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
  .fill, .track, .h1, .h2, .h3, .h4, .numbers div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (max-width: 30rem) { .columns text { font-size: .625rem; } }
@media (max-width: 30rem) { .numbers { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
`;
