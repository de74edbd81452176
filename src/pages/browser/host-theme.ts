import type { HostContext } from "./host.ts";
import { isRecord } from "./is-record.ts";

/** Which of the host's colours stands for which of ours (src/pages/look.ts); the first two come together or not at all. */
const base = { "--sheet": "--color-background-primary", "--ink": "--color-text-primary" } as const;
const others = {
  "--ground": "--color-background-primary",
  "--quote": "--color-background-secondary",
  "--soft": "--color-text-secondary",
  "--line": "--color-border-secondary",
  "--edge": "--color-border-primary",
  "--focus": "--color-ring-primary",
  "--good": "--color-text-success",
  "--soon": "--color-text-warning",
  "--bad": "--color-text-danger",
} as const;
const sides = ["top", "right", "bottom", "left"] as const;

/** Light or dark, colours, letters and the room at the edges as the host has them; what it does not say stays as it is. */
export function wear({ theme, styles, safeAreaInsets }: HostContext, { dataset, style }: HTMLElement): void {
  if (theme === "light" || theme === "dark") dataset.theme = theme;
  if (isRecord(styles) && isRecord(styles.variables)) wearColours(styles.variables, { dataset, style });
  if (isRecord(safeAreaInsets))
    for (const side of sides) {
      const inset = safeAreaInsets[side];
      if (typeof inset === "number" && inset >= 0) style.setProperty(`--inset-${side}`, `${inset}px`);
    }
}

function wearColours(
  given: Readonly<Record<string, unknown>>,
  { dataset, style }: Pick<HTMLElement, "dataset" | "style">,
): void {
  // A picture, or anything else that is no colour, is none here either.
  const colour = (name: string): string | undefined => {
    const value = given[name];
    return typeof value === "string" && CSS.supports("color", value) ? value : undefined;
  };
  // Half of theirs with half of ours would be letters that nobody can read.
  const isWhole = dataset.theme !== undefined && Object.values(base).every((name) => colour(name));
  for (const [ours, theirs] of Object.entries({ ...base, ...others })) {
    const value = isWhole ? colour(theirs) : undefined;
    if (value === undefined) style.removeProperty(ours);
    else style.setProperty(ours, value);
  }
  const font = given["--font-sans"];
  if (typeof font === "string" && CSS.supports("font-family", font)) style.setProperty("--letters", font);
}
