import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { writeRoutes } from "../../../src/cli/probe/second-part.ts";
import { journalFolder } from "../../../src/journal/journal.ts";
import { verify } from "../../../src/journal/verify.ts";
import type { Dialect } from "../../../src/skyprep/assumptions.ts";
import { Unreachable } from "../../../src/skyprep/response.ts";
import { academyOf, newProbe } from "./bench.ts";

let probe: ReturnType<typeof newProbe>;
afterEach(() => probe?.close());

const yes = () => true;
type Academy = ReturnType<typeof academyOf>;
const standing = ({ world }: Academy) => [
  [...world.people.values()].map(({ email }) => email).sort(),
  [...world.courses.values()].map(({ name }) => name).sort(),
  [...world.groups.values()].map(({ name }) => name).sort(),
];
const ofProbe = (academy: Academy) =>
  standing(academy)
    .flat()
    .filter((name) => /probe/.test(name));
const leftFile = () => JSON.parse(readFileSync(join(probe.stateFolder, "probe-left.json"), "utf8")).left;
const writes = () => probe.sent.filter(({ route }) => writeRoutes.has(route));

describe("skyprep-mcp probe --writes", () => {
  it("makes, looks and removes all again, each step asked first, and stands in the journal", async () => {
    const academy = academyOf({ people: 30 });
    const before = standing(academy);
    probe = newProbe(academy.send);

    expect(await probe.run(["--writes"], yes)).toBe(0);

    expect(standing(academy)).toEqual(before);
    expect(leftFile()).toEqual([]);
    expect(probe.json().seen).toMatchObject({
      "writes-answer": "holds",
      "writes-show-at-once": "holds",
      "logins-keep-their-case": "holds",
      "lists-by-comma": "holds",
      "deleted-are-gone": "holds",
    });
    expect(probe.questions[0]).toMatch(/seat .* may be used, and a mail may be sent/);
    // The first question, and one for each write.
    expect(probe.questions).toHaveLength(1 + writes().length);
    expect(await verify(journalFolder(probe.stateFolder))).toMatchObject({
      lines: 2 * writes().length,
      breaks: [],
    });
    expect(probe.text()).not.toMatch(/probe-[0-9a-f]{6}/i);
  });

  it.each<[Dialect, string]>([
    [{ "writes-answer": "204" }, "writes-answer"],
    [{ "writes-answer": "empty" }, "writes-answer"],
    [{ "writes-show-at-once": "later" }, "writes-show-at-once"],
    [{ "logins-keep-their-case": "lowered" }, "logins-keep-their-case"],
    [{ "lists-by-comma": "no-blanks" }, "lists-by-comma"],
    [{ "lists-by-comma": "blanks" }, "lists-by-comma"],
    [{ "lists-by-comma": "brackets" }, "lists-by-comma"],
    [{ "deleted-are-gone": "listed" }, "deleted-are-gone"],
  ])("finds %o, and leaves nothing", async (dialect, id) => {
    const academy = academyOf({ people: 30, dialect });
    probe = newProbe(academy.send);

    expect(await probe.run(["--writes"], yes)).toBe(0);

    expect(ofProbe(academy)).toEqual([]);
    expect(leftFile()).toEqual([]);
    expect(probe.json().seen[id]).toBe(dialect[id as keyof Dialect]);
  });

  it.each<[string, Record<string, string>, boolean, number]>([
    ["read-only", { SKYPREP_READ_ONLY: "true" }, true, 2],
    ["without a terminal", {}, false, 3],
  ])("refuses %s, before any call", async (_, env, terminal, code) => {
    probe = newProbe(academyOf({ people: 30 }).send, { env });

    expect(await probe.run(["--writes"], terminal ? yes : undefined)).toBe(code);
    expect(probe.sent).toEqual([]);
  });

  it("refuses under a policy", async () => {
    probe = newProbe(academyOf({ people: 30 }).send);
    const policy = join(probe.folder, "policy.json");
    writeFileSync(policy, JSON.stringify({ name: "night", never: ["deletions"] }));
    const policed = newProbe(academyOf({ people: 30 }).send, { env: { SKYPREP_POLICY: policy } });

    expect(await policed.run(["--writes"], yes)).toBe(2);
    expect(policed.sent).toEqual([]);
    policed.close();
  });

  it("sends nothing that nobody said yes to", async () => {
    const academy = academyOf({ people: 30 });
    probe = newProbe(academy.send);

    expect(await probe.run(["--writes"], () => false)).toBe(0);
    expect(writes()).toEqual([]);

    expect(
      await probe.run(["--writes", "--out", "2.md"], (question) => /Begin|the course/.test(question)),
    ).toBe(0);
    expect([...new Set(writes().map(({ route }) => route))].sort()).toEqual(
      ["create_course", "destroy_course"].sort(),
    );
    expect(ofProbe(academy)).toEqual([]);
  });

  it("says what is left where a step fails, and the next run removes it when asked again", async () => {
    const academy = academyOf({ people: 30 });
    let broken = true;
    probe = newProbe(async (request, signal) => {
      if (broken && request.route === "destroy_course")
        return { status: 422, contentType: "", body: new TextEncoder().encode("no") };
      return academy.send(request, signal);
    });

    expect(await probe.run(["--writes"], yes)).toBe(4);
    expect(ofProbe(academy)).toHaveLength(2);
    expect(leftFile()).toHaveLength(2);
    expect(probe.lines.join("\n")).toMatch(
      /Left in the academy.*\n.*the course skyprep-mcp probe \w+ \(number \d+\)/,
    );

    broken = false;
    expect(await probe.run(["--out", "no.md"], () => false)).toBe(4);
    expect(ofProbe(academy)).toHaveLength(2);
    expect(await probe.run(["--out", "terminal.md"])).toBe(0);
    expect(probe.lines.join("\n")).toContain("An earlier probe left this");
    expect(await probe.run(["--out", "yes.md"], yes)).toBe(0);
    expect(ofProbe(academy)).toEqual([]);
    expect(leftFile()).toEqual([]);
  });

  it.each(["create_user", "create_course", "create_user_group", "create_learning_path", "destroy_user"])(
    "is cut off at %s, before or after it is done: the next run finds and removes what there is",
    async (route) => {
      for (const done of [true, false]) {
        const academy = academyOf({ people: 30 });
        const before = standing(academy);
        let dead = false;
        probe?.close();
        probe = newProbe(async (request, signal) => {
          if (dead) throw new Unreachable("gone", "", "no");
          if (request.route === route) {
            if (done) await academy.send(request, signal);
            dead = true;
            throw new Unreachable("gone", "", "no");
          }
          return academy.send(request, signal);
        });
        // What the reads showed is written all the same.
        expect(await probe.run(["--writes"], yes)).toBe(4);
        expect(probe.json().seen).toMatchObject({ "people-come-whole": "holds" });
        expect(probe.lines.join("\n")).toContain("Left in the academy, and written down");

        dead = false;
        const next = newProbe(academy.send);
        expect(await next.runIn(probe.stateFolder, ["--out", "next.md"], yes)).toBe(0);

        expect(standing(academy)).toEqual(before);
        next.close();
      }
    },
  );

  it("removes nothing that has another name by now, or whose number is somebody else's", async () => {
    const academy = academyOf({ people: 30 });
    probe = newProbe(academy.send);
    const [person] = academy.world.people.values();
    const [course] = academy.world.courses.values();
    await probe.run(["--writes"], (question) => !/^Remove/.test(question));
    const left = leftFile() as { kind: string; id: string; mark: string }[];
    const made = academy.world.courses.get(Number(left.find(({ kind }) => kind === "course")?.id));
    if (made) made.name = "Fire Safety 2";
    // Numbers that somebody edited.
    const edited = left.map((one) => ({
      ...one,
      ...(one.kind === "learner" && { id: String(person?.id) }),
      ...(one.kind === "group" && { id: String(course?.id) }),
    }));
    writeFileSync(join(probe.stateFolder, "probe-left.json"), JSON.stringify({ version: 1, left: edited }));
    const people = academy.world.people.size;
    const groups = academy.world.groups.size;

    expect(await probe.run(["--out", "again.md"], yes)).toBe(0);

    expect(academy.world.people.size).toBe(people);
    expect(academy.world.groups.size).toBe(groups - 1);
    expect([...academy.world.courses.values()].map(({ name }) => name)).toContain("Fire Safety 2");
    expect(probe.lines.join("\n")).toMatch(/was not found under its own name and number/);
  });
});
