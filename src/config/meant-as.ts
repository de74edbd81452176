import { nearestTo } from "../text/nearest.ts";
import { type Name, settingsInOrder } from "./settings.ts";

export const letters = (name: string): string => name.toUpperCase().replace(/[^A-Z]/g, "");
const withoutPlural = (name: string): string => letters(name).replace(/S$/, "");

/**
 * Our settings that such a name may stand for: with other joints, with letters amiss, with a word more or less. A flag's
 * name does as well.
 */
export function meantAs(name: string): Name[] {
  const rest = name.toLowerCase().replace(/^[^a-z]*(?:sky[^a-z]*prep[^a-z]*)?/, "");
  const same = names.filter((one) => withoutPlural(one) === withoutPlural(rest));
  if (same.length > 0) return same;
  const near = nearestTo(rest.replaceAll("_", "-"), names) as Name[];
  if (near.length > 0) return near;
  const words = rest.split(/[^a-z]+/);
  const within = names.filter((one) =>
    one
      .split("-")
      .every((part) =>
        words.some(
          (word) => (part.length > 4 && word.startsWith(part)) || nearestTo(word, [part])[0] === part,
        ),
      ),
  );
  const most = Math.max(0, ...within.map((one) => one.length));
  return within.filter((one) => one.length === most);
}

const names: readonly Name[] = settingsInOrder.map(([name]) => name);
