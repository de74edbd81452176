import type { Api } from "../skyprep/api.ts";
import { encode } from "../skyprep/request.ts";
import {
  errorInside,
  Failure,
  type ParsedResponse,
  Rejected,
  SignInRefused,
  saidBack,
  saysNotFound,
  speaksOfAccess,
} from "../skyprep/response.ts";
import { cleanText } from "../text/english.ts";
import {
  LeftOutByPolicy,
  Missing,
  NotForThisKey,
  OutsidePolicy,
  type Read,
  sayPart,
  Unread,
} from "./reads.ts";

/** One read of the API, never from a kept list: records, or why there are none. */
export const readFrom =
  (api: Api): Read =>
  async (route, parameters, signal) => {
    try {
      return recordsIn(await api(route, encode(parameters), signal), route);
    } catch (error) {
      if (error instanceof Rejected && error.status === 404 && !speaksOfAccess(error.message)) {
        throw new Missing(route);
      }
      if (error instanceof OutsidePolicy) throw new LeftOutByPolicy(cleanText(error.message));
      if (error instanceof SignInRefused && error.reached === "no")
        throw new NotForThisKey(cleanText(error.message));
      if (error instanceof Failure) throw new Unread(cleanText(error.message), { cause: error });
      throw error;
    }
  };

/**
 * A record, or records. Nothing of the kind is no "there is none": whoever believes that makes a second one.
 * @throws Missing where its words say that there is no such thing, Unread
 */
function recordsIn(reading: ParsedResponse, route: string): unknown {
  const value = reading.is === "json" ? reading.value : undefined;
  const words = errorInside(value)?.text ?? sentenceIn(reading);
  if (words !== undefined) {
    if (saysNotFound(words)) throw new Missing(route);
    throw new Unread(`SkyPrep said ${JSON.stringify(cleanText(words).slice(0, 240))}`);
  }
  if (typeof value !== "object" || value === null) throw new Unread("no data came");
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (reading.is === "json" && reading.isPart) throw new Unread(sayPart(rows.length, reading.total));
  if (!rows.every((row) => typeof row === "object" && row !== null && Object.keys(row).length > 0)) {
    throw new Unread("no records came");
  }
  return value;
}

/** Words alone; a record may have a message and a status of its own. */
function sentenceIn(reading: ParsedResponse): string | undefined {
  const value = reading.is === "json" ? reading.value : undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const alone = Object.keys(value).every((name) =>
      /^(message|status|success|code|detail|title)$/.test(name),
    );
    return alone && "message" in value ? saidBack(reading) : undefined;
  }
  return saidBack(reading);
}
