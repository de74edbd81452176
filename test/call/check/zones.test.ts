import { afterEach, expect, it } from "vitest";
import { zoneIn } from "../../../src/academy/time-zone.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { writtenIn, zoneNamed } from "../../../src/text/zone.ts";
import { connect, openAcademy } from "../../support/academy.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function academy(between: (body: string, route: string) => string = (body) => body) {
  const inside = await openAcademy();
  const sent: { route: string; form: URLSearchParams }[] = [];
  const send: Send = async (request, signal) => {
    sent.push({ route: request.route, form: new URLSearchParams(request.body) });
    const came = await inside.sandbox.send(request, signal);
    const text = between(new TextDecoder().decode(came.body), request.route);
    return { ...came, body: new TextEncoder().encode(text) };
  };
  const server = await connect(
    send,
    { SKYPREP_SANDBOX: "true" },
    { person: () => ({ action: "accept", content: { answer: "yes" } }) },
  );
  open.push(server.close, inside.close);
  const wrote = (name: string) =>
    sent
      .filter(({ route }) => /^(create|update)_/.test(route))
      .at(-1)
      ?.form.get(name);
  return { ...server, sent, wrote };
}

it.each([
  ["2026-12-15T09:00", "2026-12-15T09:00:00-05:00"],
  ["2027-07-15 9:30", "2027-07-15T09:30:00-04:00"],
  ["2026-12-15 09:00:30.000", "2026-12-15T09:00:30-05:00"],
])(
  "a time without an offset is the academy's, winter and summer, and that is said: %s",
  async (given, read) => {
    const { call, wrote } = await academy();

    const reply = await call("create_ilt_timeslot", {
      instructor_led_training_id: 501,
      commencement_time: given,
    });

    expect(reply.isError).toBe(false);
    expect(wrote("commencement_time")).toBe(read);
    expect(reply.text).toContain(
      `commencement_time: ${given} was read as ${read}, in the academy's zone (Eastern Time (US & Canada)).`,
    );
  },
);

it.each([
  ["2026-12-15T09:00:00Z", "2026-12-15T09:00:00Z"],
  ["2026-12-15 09:00 -0500", "2026-12-15T09:00:00-05:00"],
])("one with an offset is what it says, however it is spaced: %s", async (given, read) => {
  const { call, wrote } = await academy();

  const reply = await call("create_ilt_timeslot", {
    instructor_led_training_id: 501,
    commencement_time: given,
  });

  expect(wrote("commencement_time")).toBe(read);
  expect(reply.text).not.toMatch(/was read as/);
});

it("where a session has a zone of its own, its times are in that one", async () => {
  const { call, wrote } = await academy();
  const made = await call("create_ilt_timeslot", {
    instructor_led_training_id: 501,
    commencement_time: "2026-12-15T09:00",
    display_timezone: "Pacific Time (US & Canada)",
  });
  const first = wrote("commencement_time");
  const id = Number(/Timeslot (\d+)/.exec(made.text)?.[1]);

  const moved = await call("update_ilt_timeslot", {
    instructor_led_training_timeslot_id: id,
    commencement_time: "2026-12-16T10:00",
  });

  expect(first).toBe("2026-12-15T09:00:00-08:00");
  expect(made.text).toContain("in the session's zone (Pacific Time (US & Canada))");
  expect(wrote("commencement_time")).toBe("2026-12-16T10:00:00-08:00");
  expect(moved.text).toContain("in the session's zone (Pacific Time (US & Canada))");
});

it("where no zone is known, that is said before anything is made", async () => {
  const { call, sent } = await academy((body) =>
    body.replaceAll(/"(?:time_zone|display_timezone)":"[^"]*"/g, '"x":""'),
  );
  const asked = { instructor_led_training_id: 501, commencement_time: "2026-12-15T09:00" };

  const unknown = await call("create_ilt_timeslot", asked);
  const strange = await call("create_ilt_timeslot", { ...asked, display_timezone: "Mars (North)" });
  const named = await call("create_ilt_timeslot", { ...asked, display_timezone: "UTC" });

  expect(unknown.text).toMatch(
    /nothing was sent[\s\S]*what zone it is in is not known[\s\S]*or with display_timezone/,
  );
  expect(strange.text).toMatch(/the session's zone, “Mars \(North\)”, is none that is known here/);
  expect(named.isError).toBe(false);
  expect(sent.filter(({ route }) => route.startsWith("create_"))).toHaveLength(1);
});

it.each(["2026-02-30T09:00", "2026-12-15T25:00", "tomorrow at nine"])(
  "what is no time stays refused: %s",
  async (given) => {
    const { call } = await academy();

    const { text, isError } = await call("create_ilt_timeslot", {
      instructor_led_training_id: 501,
      commencement_time: given,
    });

    expect(isError).toBe(true);
    expect(text).toMatch(/commencement_time must be a day, or an instant such as/);
  },
);

it("the academy's zone is the one named that its dates agree with, not the one named most", () => {
  const zone = "America/Chicago";
  const dates = [1, 3, 5, 7, 9, 11].map((month) => ({
    created_at: writtenIn(zone, Date.UTC(2026, month, 15)),
  }));
  const said = ["Eastern Time (US & Canada)", "Eastern Time (US & Canada)", "Central Time (US & Canada)"];

  expect(zoneIn([...dates, ...said.map((time_zone) => ({ time_zone }))])).toEqual({
    name: "Central Time (US & Canada)",
    zone,
  });
  expect(zoneIn(dates)).toBeUndefined();
  expect(zoneIn(said.map((time_zone) => ({ time_zone })))).toBeUndefined();
});

it("knows Rails' names and the tz database's, and nothing else", () => {
  expect(["Eastern Time (US & Canada)", "utc", "Mumbai", "Europe/Paris"].map(zoneNamed)).toEqual([
    "America/New_York",
    "Etc/UTC",
    "Asia/Kolkata",
    "Europe/Paris",
  ]);
  expect(["EST", "+05:00", "Nowhere/Land", "constructor", ""].map(zoneNamed)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
