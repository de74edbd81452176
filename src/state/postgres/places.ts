import type { Place } from "../ports.ts";

/** Where a text or a file of lines stands, as columns say it. */
export interface Placed {
  readonly place: Place;
  readonly folder: string;
  readonly name: string;
}

/** Whatever a name has in it, it stays one part; PostgreSQL's texts cannot hold a NUL. */
export const asPart = (name: string): string => encodeURIComponent(name.toWellFormed());
export const nameOfPart = (part: string): string => decodeURIComponent(part);

export const folderOf = (inside: readonly string[]): string => inside.map(asPart).join("/");

export const placedAt = (place: Place, inside: readonly string[]): Placed => ({
  place,
  folder: folderOf(inside.slice(0, -1)),
  name: asPart(inside.at(-1) ?? ""),
});

/** For people and for locks. */
export const addressOf = (place: Place, inside: readonly string[]): string =>
  [place, ...inside.map(asPart)].join("/");
