import { assumptions, type Dialect } from "../skyprep/assumptions.ts";
import { nearestTo } from "../text/nearest.ts";

/** How the pretend academy is to be otherwise: as named, or drawn by lot. */
export type ChosenDialect = { readonly named: Dialect } | { readonly seed: number };

const variantsOf: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(assumptions).map(([id, { otherwise }]) => [id, Object.keys(otherwise)] as const),
);
const ids = [...variantsOf.keys()];

/** `id=variant,id=variant` or `seed=7`; of what is neither, `fix` says what was meant. */
export function readDialect(text: string): ChosenDialect | { readonly fix: string } {
  const seed = /^\s*seed\s*=\s*(.*?)\s*$/i.exec(text)?.[1];
  if (seed !== undefined)
    return /^\d{1,9}$/.test(seed)
      ? { seed: Number(seed) }
      : { fix: "seed takes a whole number, e.g. seed=7." };

  const named: Record<string, string> = {};
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [id = "", ...rest] = part.split("=").map((one) => one.trim());
    const variant = rest.join("=");
    const wrong = wrongIn(id, variant) ?? (id in named ? `${id} is named twice; name it once.` : undefined);
    if (wrong !== undefined) return { fix: wrong };
    named[id] = variant;
  }
  if (Object.keys(named).length === 0) return { fix: `name what is otherwise, e.g. ${example}.` };
  return { named: named as Dialect };
}
const example = "ids-are-numbers=text,people-come-whole=by-25, or draw it: seed=7";

function wrongIn(id: string, variant: string): string | undefined {
  const variants = variantsOf.get(id);
  if (variants === undefined) {
    if (id === "seed") return "seed stands alone: seed=7.";
    const near = nearestTo(id, ids);
    return near.length > 0
      ? `“${id}” is no assumption; ${near.join(" or ")} is.`
      : `“${id}” is no assumption; these are: ${ids.join(", ")}.`;
  }
  if (variants.includes(variant)) return undefined;
  const choices = variants.map((one) => `${id}=${one}`).join(", ");
  if (variant === "") return `say how ${id} is otherwise: ${choices}.`;
  const [near] = nearestTo(variant, variants, 1);
  return `${id} cannot be “${variant}”${near === undefined ? "" : `; ${near} was meant?`} Choices: ${choices}.`;
}

/** As it is written in the setting. */
export const writtenDialect = (dialect: Dialect): string =>
  Object.entries(dialect)
    .map(([id, variant]) => `${id}=${variant}`)
    .join(",");
