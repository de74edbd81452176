import { expect, it } from "vitest";
import { instantOf, offsetAt, writtenIn } from "../../src/text/zone.ts";

const eastern = "America/New_York";

it.each([
  ["America/New_York", "2026-07-01T12:00:00.000Z", "2026-07-01T08:00:00.000-04:00"],
  ["America/New_York", "2026-12-15T14:00:00.000Z", "2026-12-15T09:00:00.000-05:00"],
  ["Asia/Kolkata", "2026-12-15T14:00:00.000Z", "2026-12-15T19:30:00.000+05:30"],
  ["America/St_Johns", "2026-01-15T00:00:00.000Z", "2026-01-14T20:30:00.000-03:30"],
  ["Etc/UTC", "2026-12-15T14:00:00.000Z", "2026-12-15T14:00:00.000+00:00"],
])("an instant is written as clocks in %s show it: %s", (zone, at, written) => {
  expect(writtenIn(zone, Date.parse(at))).toBe(written);
});

it.each([
  ["an hour before the change", "2026-11-01T00:30", "2026-11-01T00:30:00.000-04:00"],
  ["that comes twice", "2026-11-01T01:30", "2026-11-01T01:30:00.000-04:00"],
  ["after it", "2026-11-01T02:30", "2026-11-01T02:30:00.000-05:00"],
  ["that is left out", "2027-03-14T02:30", "2027-03-14T03:30:00.000-04:00"],
  ["before that", "2027-03-14T01:59", "2027-03-14T01:59:00.000-05:00"],
  ["right after that", "2027-03-14T03:00", "2027-03-14T03:00:00.000-04:00"],
])("a clock's time %s is an instant", (_, wall, written) => {
  expect(writtenIn(eastern, instantOf(eastern, Date.parse(`${wall}Z`)))).toBe(written);
});

it("every quarter of an hour of a year comes back as it was written, but the hour that is left out", () => {
  for (const zone of [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Tehran",
  ]) {
    for (let wall = Date.UTC(2026, 0, 1); wall < Date.UTC(2027, 0, 1); wall += 900_000) {
      const at = instantOf(zone, wall);
      const shown = at + offsetAt(zone, at);
      if (shown !== wall)
        expect([zone, wall, shown - wall]).toEqual([zone, wall, expect.closeTo(2_700_000, -7)]);
    }
  }
});
