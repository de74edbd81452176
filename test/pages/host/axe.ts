import axe from "axe-core";
import type { Frame } from "playwright-core";

/** What axe finds, by rule and place; nothing is left out. */
export async function faults(frame: Frame): Promise<string[]> {
  // Run by the debugger's way, which no policy of the page stops.
  await frame.evaluate(axe.source);
  const found = (await frame.evaluate(
    "axe.run(document, { resultTypes: ['violations'], iframes: false })",
  )) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}
