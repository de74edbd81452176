import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary.ts";
import { cases } from "./asked/cases.ts";
import { openCounted } from "./asked/world.ts";

/** Numbers nobody has. */
const gone = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (name === "user_email") return [name, "nobody@nowhere.example"];
      if (!/_ids?$/.test(name)) return [name, value];
      // Two people are never the same one.
      const other = name === "target_user_id" ? 1 : 0;
      return [name, Array.isArray(value) ? [987_654] : 987_654 + other];
    }),
  );
// Created or given by name alone, or a number that SkyPrep shows by nothing but a list it belongs to.
const nothingToFind = /^(create_user|get_login_key|destroy_ilt_timeslot_registrations)$/;

describe("a target that does not exist", () => {
  const named = cases.filter(({ tool, kind }) => kind !== "many" && !nothingToFind.test(tool.name));

  it.each(named)("$title: is said before anybody is asked, and nothing is sent", async ({ tool, args }) => {
    const academy = await openCounted();

    const reply = await academy.call(tool.name, gone(args));

    expect(reply.isError).toBe(true);
    expect(reply.text).toMatch(/There is no .*Nothing was sent|could not be looked up/s);
    expect(academy.sent).toEqual([]);
    await academy.close();
  });
});

describe("a state folder that cannot be written", () => {
  it("stops writes with the folder's name, and nothing is sent; reading goes on", async () => {
    const state = temporaryFolder("state");
    writeFileSync(join(state, "journal"), "a file in the journal's place");
    const academy = await openCounted({ env: { SKYPREP_STATE_DIR: state } });
    academy.answered(() => ({ action: "accept", content: { answer: "yes", typed: "delete 202" } }));

    const asked = await academy.call("destroy_course", { course_id: 202 });
    const plain = await academy.call("update_course", { course_id: 201, name: "New" });
    const read = await academy.call("get_course", { course_id: 202 });

    for (const reply of [asked, plain]) {
      expect(reply.isError).toBe(true);
      expect(reply.text).toContain(join(state, "journal"));
      expect(reply.text).toMatch(/was not sent/);
    }
    expect(academy.sent).toEqual([]);
    expect(read.text).toMatch(/Workplace Safety Basics/);
    await academy.close();
  });
});
