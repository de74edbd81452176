/** Zones as the tz database names them; instants are epoch milliseconds. */

const formats = new Map<string, Intl.DateTimeFormat>();
const weeks = new Map<string, Map<number, number | undefined>>();
const quarters = new Map<string, number>();
const minuteMs = 60_000;
const weekMs = 7 * 24 * 60 * minuteMs;
/** Zones change at a quarter of an hour. */
const quarterMs = 15 * minuteMs;
/** So many are remembered; there are some 200,000 in five years. */
const mostQuarters = 20_000;

/** Whether there is a zone of this name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Milliseconds east of UTC. */
export function offsetAt(zone: string, at: number): number {
  // A list of people has tens of thousands of dates; within most weeks an offset stays as it is.
  const week = Math.floor(at / weekMs);
  const own = weeksOf(zone);
  let offset = own.get(week);
  if (offset === undefined && !own.has(week)) {
    const [first, last] = [asked(zone, week * weekMs), asked(zone, (week + 1) * weekMs - 1)];
    offset = first === last ? first : undefined;
    own.set(week, offset);
  }
  return offset ?? inQuarter(zone, Math.floor(at / quarterMs));
}

function weeksOf(zone: string): Map<number, number | undefined> {
  let own = weeks.get(zone);
  if (own === undefined) {
    own = new Map();
    weeks.set(zone, own);
  }
  return own;
}

/** In a week in which it changes. */
function inQuarter(zone: string, quarter: number): number {
  const key = `${zone} ${quarter}`;
  let offset = quarters.get(key);
  if (offset === undefined) {
    if (quarters.size >= mostQuarters) quarters.clear();
    offset = asked(zone, quarter * quarterMs);
    quarters.set(key, offset);
  }
  return offset;
}

/**
 * A wall clock's time, in milliseconds as if it were UTC's, as an instant. A time that a change to summer time leaves
 * out is read as an hour later, and of one that comes twice the first is meant, as in Rails.
 */
export function instantOf(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - offsetAt(zone, wall) - 12 * 60 * minuteMs);
  const early = wall - before;
  if (offsetAt(zone, early) === before) return early;
  const late = wall - offsetAt(zone, early);
  return offsetAt(zone, late) === offsetAt(zone, early) ? late : early;
}

/** `2026-12-15T09:00:00.000-05:00` */
export function writtenIn(zone: string, at: number): string {
  const offset = offsetAt(zone, at);
  return `${new Date(at + offset).toISOString().slice(0, -1)}${offsetText(offset)}`;
}

/** `2026-12-15T09:00:00-05:00`, or `2026-12-15T14:00:00Z` where the zone is not known: as of when something is. */
export const stampIn = (zone: string | undefined, at: number): string =>
  zone === undefined
    ? `${new Date(at).toISOString().slice(0, 19)}Z`
    : writtenIn(zone, at).replace(/\.\d+/, "");

/** `-05:00` */
export function offsetText(offset: number): string {
  const minutes = Math.abs(Math.round(offset / minuteMs));
  const two = (n: number) => String(n).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function asked(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * minuteMs * (sign === "-" ? -1 : 1);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  return format;
}

/** Rails' names of zones (ActiveSupport::TimeZone), each with the tz database's. */
const rails: Readonly<Record<string, string>> = {
  "International Date Line West": "Etc/GMT+12",
  "Midway Island": "Pacific/Midway",
  "American Samoa": "Pacific/Pago_Pago",
  Hawaii: "Pacific/Honolulu",
  Alaska: "America/Juneau",
  "Pacific Time (US & Canada)": "America/Los_Angeles",
  Tijuana: "America/Tijuana",
  "Mountain Time (US & Canada)": "America/Denver",
  Arizona: "America/Phoenix",
  Chihuahua: "America/Chihuahua",
  Mazatlan: "America/Mazatlan",
  "Central Time (US & Canada)": "America/Chicago",
  Saskatchewan: "America/Regina",
  Guadalajara: "America/Mexico_City",
  "Mexico City": "America/Mexico_City",
  Monterrey: "America/Monterrey",
  "Central America": "America/Guatemala",
  "Eastern Time (US & Canada)": "America/New_York",
  "Indiana (East)": "America/Indiana/Indianapolis",
  Bogota: "America/Bogota",
  Lima: "America/Lima",
  Quito: "America/Lima",
  "Atlantic Time (Canada)": "America/Halifax",
  Caracas: "America/Caracas",
  "La Paz": "America/La_Paz",
  Santiago: "America/Santiago",
  Asuncion: "America/Asuncion",
  Newfoundland: "America/St_Johns",
  Brasilia: "America/Sao_Paulo",
  "Buenos Aires": "America/Argentina/Buenos_Aires",
  Montevideo: "America/Montevideo",
  Georgetown: "America/Guyana",
  "Puerto Rico": "America/Puerto_Rico",
  Greenland: "America/Godthab",
  "Mid-Atlantic": "Atlantic/South_Georgia",
  Azores: "Atlantic/Azores",
  "Cape Verde Is.": "Atlantic/Cape_Verde",
  Dublin: "Europe/Dublin",
  Edinburgh: "Europe/London",
  Lisbon: "Europe/Lisbon",
  London: "Europe/London",
  Casablanca: "Africa/Casablanca",
  Monrovia: "Africa/Monrovia",
  UTC: "Etc/UTC",
  Belgrade: "Europe/Belgrade",
  Bratislava: "Europe/Bratislava",
  Budapest: "Europe/Budapest",
  Ljubljana: "Europe/Ljubljana",
  Prague: "Europe/Prague",
  Sarajevo: "Europe/Sarajevo",
  Skopje: "Europe/Skopje",
  Warsaw: "Europe/Warsaw",
  Zagreb: "Europe/Zagreb",
  Brussels: "Europe/Brussels",
  Copenhagen: "Europe/Copenhagen",
  Madrid: "Europe/Madrid",
  Paris: "Europe/Paris",
  Amsterdam: "Europe/Amsterdam",
  Berlin: "Europe/Berlin",
  Bern: "Europe/Zurich",
  Zurich: "Europe/Zurich",
  Rome: "Europe/Rome",
  Stockholm: "Europe/Stockholm",
  Vienna: "Europe/Vienna",
  "West Central Africa": "Africa/Algiers",
  Bucharest: "Europe/Bucharest",
  Cairo: "Africa/Cairo",
  Helsinki: "Europe/Helsinki",
  Kyiv: "Europe/Kiev",
  Kiev: "Europe/Kiev",
  Riga: "Europe/Riga",
  Sofia: "Europe/Sofia",
  Tallinn: "Europe/Tallinn",
  Vilnius: "Europe/Vilnius",
  Athens: "Europe/Athens",
  Istanbul: "Europe/Istanbul",
  Minsk: "Europe/Minsk",
  Jerusalem: "Asia/Jerusalem",
  Harare: "Africa/Harare",
  Pretoria: "Africa/Johannesburg",
  Kaliningrad: "Europe/Kaliningrad",
  Moscow: "Europe/Moscow",
  "St. Petersburg": "Europe/Moscow",
  Volgograd: "Europe/Volgograd",
  Samara: "Europe/Samara",
  Kuwait: "Asia/Kuwait",
  Riyadh: "Asia/Riyadh",
  Nairobi: "Africa/Nairobi",
  Baghdad: "Asia/Baghdad",
  Tehran: "Asia/Tehran",
  "Abu Dhabi": "Asia/Muscat",
  Muscat: "Asia/Muscat",
  Baku: "Asia/Baku",
  Tbilisi: "Asia/Tbilisi",
  Yerevan: "Asia/Yerevan",
  Kabul: "Asia/Kabul",
  Ekaterinburg: "Asia/Yekaterinburg",
  Islamabad: "Asia/Karachi",
  Karachi: "Asia/Karachi",
  Tashkent: "Asia/Tashkent",
  Chennai: "Asia/Kolkata",
  Kolkata: "Asia/Kolkata",
  Mumbai: "Asia/Kolkata",
  "New Delhi": "Asia/Kolkata",
  Kathmandu: "Asia/Kathmandu",
  Dhaka: "Asia/Dhaka",
  "Sri Jayawardenepura": "Asia/Colombo",
  Almaty: "Asia/Almaty",
  Astana: "Asia/Almaty",
  Novosibirsk: "Asia/Novosibirsk",
  Rangoon: "Asia/Rangoon",
  Bangkok: "Asia/Bangkok",
  Hanoi: "Asia/Bangkok",
  Jakarta: "Asia/Jakarta",
  Krasnoyarsk: "Asia/Krasnoyarsk",
  Beijing: "Asia/Shanghai",
  Chongqing: "Asia/Chongqing",
  "Hong Kong": "Asia/Hong_Kong",
  Urumqi: "Asia/Urumqi",
  "Kuala Lumpur": "Asia/Kuala_Lumpur",
  Singapore: "Asia/Singapore",
  Taipei: "Asia/Taipei",
  Perth: "Australia/Perth",
  Irkutsk: "Asia/Irkutsk",
  Ulaanbaatar: "Asia/Ulaanbaatar",
  Seoul: "Asia/Seoul",
  Osaka: "Asia/Tokyo",
  Sapporo: "Asia/Tokyo",
  Tokyo: "Asia/Tokyo",
  Yakutsk: "Asia/Yakutsk",
  Darwin: "Australia/Darwin",
  Adelaide: "Australia/Adelaide",
  Canberra: "Australia/Canberra",
  Melbourne: "Australia/Melbourne",
  Sydney: "Australia/Sydney",
  Brisbane: "Australia/Brisbane",
  Hobart: "Australia/Hobart",
  Vladivostok: "Asia/Vladivostok",
  Guam: "Pacific/Guam",
  "Port Moresby": "Pacific/Port_Moresby",
  Magadan: "Asia/Magadan",
  Srednekolymsk: "Asia/Srednekolymsk",
  "Solomon Is.": "Pacific/Guadalcanal",
  "New Caledonia": "Pacific/Noumea",
  Fiji: "Pacific/Fiji",
  Kamchatka: "Asia/Kamchatka",
  "Marshall Is.": "Pacific/Majuro",
  Auckland: "Pacific/Auckland",
  Wellington: "Pacific/Auckland",
  "Nuku'alofa": "Pacific/Tongatapu",
  "Tokelau Is.": "Pacific/Fakaofo",
  "Chatham Is.": "Pacific/Chatham",
  Samoa: "Pacific/Apia",
};

const byName = new Map(Object.entries(rails).map(([name, zone]) => [name.toLowerCase(), zone]));

/** The zone that SkyPrep's name means, or the tz database's own; undefined where nobody knows it. */
export function zoneNamed(name: string): string | undefined {
  const known = byName.get(name.trim().toLowerCase());
  if (known !== undefined) return known;
  // Offsets and abbreviations are taken by some versions of Node.js and not by others.
  return /^[A-Za-z]+\/[A-Za-z_/+-]+\d*$/.test(name.trim()) && isZone(name.trim()) ? name.trim() : undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const isoDay = /^(\d{4})-(\d\d)-(\d\d)/;

/** “31 Dec 2027”; undefined where it is no day. */
export function dayInWords(text: string): string | undefined {
  const [, year, month, day] = isoDay.exec(text) ?? [];
  const name = months[Number(month) - 1];
  return name === undefined ? undefined : `${Number(day)} ${name} ${year}`;
}

/**
 * “1 Dec 2026 at 09:00” in the zone; where that is not known, as it is written: SkyPrep writes the academy's own time,
 * of a time that was given the offset is said.
 */
export function momentInWords(
  text: string,
  zone: string | undefined,
  from: "skyprep" | "given" = "skyprep",
): string | undefined {
  const [, clock, offset] =
    /^\d{4}-\d\d-\d\dT(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  if (clock === undefined) return undefined;
  const at = Date.parse(text);
  if (zone === undefined || offset === undefined || Number.isNaN(at)) {
    const isOurs = from === "skyprep" && offset !== "Z";
    const east = offset === undefined || isOurs ? "" : ` (UTC${offset === "Z" ? "" : offset})`;
    return `${dayInWords(text)} at ${clock}${east}`;
  }
  const written = writtenIn(zone, at);
  return `${dayInWords(written)} at ${written.slice(11, 16)}`;
}
