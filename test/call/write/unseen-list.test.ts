import { describe, expect, it } from "vitest";
import { createSandbox } from "../../../src/sandbox/server/sandbox.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import type { Send } from "../../../src/skyprep/send.ts";
import { connect, noon } from "../../support/academy.ts";
import { reads } from "../../support/catalogue.ts";
import { createClock } from "../../support/clock.ts";
import { agreeing } from "../../support/person.ts";
import { seededTables } from "../../support/seeded.ts";

const encoder = new TextEncoder();
const turnedAway = { status: 429, contentType: "text/plain", body: encoder.encode("Rate limit exceeded.") };

interface Limited {
  readonly dialect?: Dialect;
  /** After a list is written, so many reads go through, */
  readonly through?: number;
  /** and then none for so long (ms). */
  readonly shut?: number;
}

/** An academy in which the looks behind a list that is written meet the limit; time passes only while somebody waits. */
async function limitedAcademy({ dialect, through = 0, shut = Number.POSITIVE_INFINITY }: Limited) {
  const clock = createClock(noon);
  const sandbox = createSandbox({
    now: clock.now,
    tables: seededTables,
    callsPerMinute: Number.POSITIVE_INFINITY,
    ...(dialect && { dialect }),
  });
  const sent: string[] = [];
  let behind: { at: number; reads: number } | undefined;
  const send: Send = async (request, signal) => {
    const isRead = reads.has(request.route);
    if (!isRead) sent.push(decodeURIComponent(request.body));
    if (behind && isRead) {
      behind.reads += 1;
      if (behind.reads > through && clock.now() < behind.at + shut) return turnedAway;
    }
    if (request.route === "mass_enroll") behind ??= { at: clock.now(), reads: 0 };
    return sandbox.send(request, signal);
  };
  const academy = await connect(
    send,
    { SKYPREP_SANDBOX: "true" },
    { person: agreeing, clock, pause: async (ms) => clock.set(clock.now() + ms) },
  );
  return { ...academy, sent, world: sandbox.world };
}

const blanks: Dialect = { "lists-by-comma": "blanks" };
const brackets: Dialect = { "lists-by-comma": "brackets" };
const two = { user_emails: ["avery@example.com"], course_ids: [210, 211], user_group_ids: [303] };
const one = { user_emails: ["avery@example.com"], course_ids: [210] };

describe("a success for a list, and no look at what came of it", () => {
  it.each([
    ["blanks", blanks],
    ["brackets", brackets],
    ["commas", undefined],
  ])("is not known to be of all of it, where lists were not seen to be read (%s)", async (_, dialect) => {
    const academy = await limitedAcademy({ ...(dialect && { dialect }) });

    const reply = await academy.call("mass_enroll", two);
    await academy.close();

    expect(reply.outcome, reply.text).toBe("unknown");
    expect(reply.text).toMatch(/SkyPrep said success.*could not be seen.*Look with a read/s);
    expect(academy.sent).toHaveLength(1);
  });

  it.each([blanks, brackets])("is looked for once more when the limit is over (%j)", async (dialect) => {
    const academy = await limitedAcademy({ dialect, shut: 20_000 });

    const reply = await academy.call("mass_enroll", two);
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(reply.text).toMatch(/verified: yes/);
    expect(academy.sent).toHaveLength(2);
  });

  it("of one value is as good as SkyPrep's word", async () => {
    const academy = await limitedAcademy({});

    const reply = await academy.call("mass_enroll", one);
    await academy.close();

    expect(reply.outcome, reply.text).toBe("done");
    expect(academy.sent).toHaveLength(1);
  });

  it("stays seen as lacking, where a later look is turned away", async () => {
    const academy = await limitedAcademy({ dialect: blanks, through: 1 });

    const reply = await academy.call("mass_enroll", { ...two, user_emails: ["jordan@example.com"] });
    await academy.close();

    expect(reply.text).toMatch(/verified: no \(get_user_courses does not show 211/);
  });

  it("is enough once lists were seen to be read", async () => {
    const academy = await limitedAcademy({ through: 2 });

    const first = await academy.call("mass_enroll", two);
    const second = await academy.call("mass_enroll", { ...two, user_emails: ["jordan@example.com"] });
    await academy.close();

    expect(first.text).toMatch(/verified: yes/);
    expect(second.outcome, second.text).toBe("done");
    expect(academy.sent).toHaveLength(2);
  });

  it("is never told as added by a job", async () => {
    const academy = await limitedAcademy({ dialect: blanks });

    const reply = await academy.call("onboard_person", {
      login: "casey@example.com",
      first_name: "Casey",
      last_name: "Newhire",
      courses: ["210", "211"],
    });
    await academy.close();

    expect(reply.outcome, reply.text).toBe("partly");
    expect(reply.text).toMatch(/^\S* ?Only in part: Onboarded, newly created: .*: 1 done, 2 unknown\./);
    expect(reply.text).not.toMatch(/course 21[01].*\tadded/);
  });
});
