import { instantIn } from "../../text/instant.ts";
import type { Clocks } from "../shared/as-of.ts";

const day = /^\d{4}-\d\d-\d\d$/;
const local = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?$/;

/** Whether an instant, epoch milliseconds, is of that day or time or later; without an offset, as the academy's clocks show it. */
export function sinceIn(
  text: string,
  clocks: Pick<Clocks, "day" | "second">,
): ((at: number) => boolean) | undefined {
  if (day.test(text)) return Number.isNaN(instantIn(text)) ? undefined : (at) => clocks.day(at) >= text;
  const [, of, time, second = ":00"] = local.exec(text) ?? [];
  if (of !== undefined) {
    const from = `${of}T${time}${second}`;
    return Number.isNaN(instantIn(from)) ? undefined : (at) => clocks.second(at) >= from;
  }
  const from = instantIn(text);
  return Number.isNaN(from) ? undefined : (at) => at >= from;
}
