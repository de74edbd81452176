import { type AssumptionId, assumptions, type Dialect } from "../../src/skyprep/assumptions.ts";

/** What a probe wrote, as an academy that can be played in. */
export interface Recorded {
  readonly dialect: Dialect;
  /** Refuted, in a way for which there is no switch. */
  readonly unnamed: readonly string[];
}

const known = 1;

/** Throws where the text is no file of a probe, or one that this version cannot read. */
export function recordedIn(text: string): Recorded {
  const block = /^```json\n([\s\S]*?)\n```$/m.exec(text.replaceAll("\r\n", "\n"))?.[1];
  if (block === undefined) throw new Error("It has no block of JSON, as a probe's file has.");
  const { "skyprep-mcp-probe": format, seen } = JSON.parse(block) as {
    "skyprep-mcp-probe"?: unknown;
    seen?: Readonly<Record<string, string>>;
  };
  if (format !== known || seen === undefined)
    throw new Error(`It is of format ${JSON.stringify(format)}; ${known} is known.`);

  const dialect: Partial<Record<AssumptionId, string>> = {};
  const unnamed: string[] = [];
  for (const [id, how] of Object.entries(seen)) {
    if (how === "holds" || how === "not seen") continue;
    const variants = isAssumption(id) ? Object.keys(assumptions[id].otherwise) : [];
    if (isAssumption(id) && variants.includes(how)) dialect[id] = how;
    else unnamed.push(`${id}: ${how}`);
  }
  return { dialect: dialect as Dialect, unnamed };
}

const isAssumption = (id: string): id is AssumptionId => Object.hasOwn(assumptions, id);
