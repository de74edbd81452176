import type { Zone } from "../../academy/time-zone.ts";
import { cleanText } from "../../text/english.ts";
import { instantOf, offsetAt, offsetText, zoneNamed } from "../../text/zone.ts";
import type { Args } from "./check.ts";
import type { Taking } from "./given-names.ts";

const wall = /^\s*(\d{4}-\d\d-\d\d)[T ]\s*(\d?\d:\d\d)(:\d\d)?(?:\.\d{1,3})?\s*$/i;
const zoned = /^\s*(\d{4}-\d\d-\d\d)[T ]\s*(\d?\d:\d\d)(:\d\d(?:\.\d{1,3})?)?\s*(Z|[+-]\d\d:?\d\d)\s*$/i;

const twoDigits = (time: string) => time.padStart(5, "0");

/** A time without an offset is the session's, where one is meant, or else the academy's; what was made of it is said. */
export async function takeInstant(args: Args, name: string, value: unknown, taking: Taking): Promise<void> {
  if (typeof value !== "string") return;
  const [, date, time = "", seconds = ":00", offset = ""] = zoned.exec(value) ?? [];
  if (date !== undefined) {
    const colon = offset.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
    args[name] = `${date}T${twoDigits(time)}${seconds}${colon}`;
    return;
  }
  const [, day, clock = "", ofMinute = ":00"] = wall.exec(value) ?? [];
  const shown = Date.parse(`${day}T${twoDigits(clock)}${ofMinute}Z`);
  // 2026-02-30 is no day, and is refused as what it is.
  if (day === undefined || Number.isNaN(shown) || !new Date(shown).toISOString().startsWith(day)) return;
  const found = await zoneFor(args, taking);
  if ("wrong" in found) {
    taking.wrong.push(`${name}: “${cleanText(value)}” ${found.wrong}`);
    return;
  }
  const at = instantOf(found.zone, shown);
  const its = offsetAt(found.zone, at);
  args[name] = `${new Date(at + its).toISOString().slice(0, 19)}${offsetText(its)}`;
  taking.notes.push(
    `${name}: ${cleanText(value)} was read as ${args[name]}, in ${found.whose} zone (${found.name}).`,
  );
}

type MeantZone = (Zone & { readonly whose: string }) | { readonly wrong: string };

async function zoneFor(args: Args, { tool, world, signal }: Taking): Promise<MeantZone> {
  const own = args.display_timezone;
  const slot = Number(args.instructor_led_training_timeslot_id);
  const isSession = tool.shape.details.get("commencement_time")?.limits.instant === true;
  const said =
    typeof own === "string"
      ? own
      : isSession && slot > 0
        ? await world.zone.ofSession(slot, signal)
        : undefined;
  if (said !== undefined) {
    const name = cleanText(said).slice(0, 60);
    const zone = zoneNamed(said);
    if (zone !== undefined) return { name, zone, whose: "the session's" };
    return {
      wrong: `has no offset, and the session's zone, “${name}”, is none that is known here. Give it with its offset, e.g. 2026-12-15T09:00:00-05:00.`,
    };
  }
  const academy = await world.zone(signal);
  if (academy !== undefined) return { ...academy, whose: "the academy's" };
  return {
    wrong: `has no offset, and what zone it is in is not known: nothing that SkyPrep shows tells the academy's. Give it with its offset, e.g. 2026-12-15T09:00:00-05:00${isSession ? ", or with display_timezone" : ""}.`,
  };
}
