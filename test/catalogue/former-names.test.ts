import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { namesNow } from "../../src/catalogue/former-names.ts";
import { scopeOfCall } from "../../src/http/grants.ts";
import { jobs } from "../../src/jobs/index.ts";
import { readPolicy } from "../../src/policy/policy-file.ts";
import { sections } from "../../tools/index.ts";
import { skyprep } from "../cli/call/calling.ts";
import { type AcademyOptions, openAcademy } from "../support/academy.ts";

/** Two jobs and three operations as they would be, had they been renamed in 0.2. */
const renamed = {
  jobs: {
    find: { ...jobs.find, was: { look_up: "0.2" } },
    offboard_person: { ...jobs.offboard_person, was: { leave_person: "0.2" } },
  },
  sections: {
    ...sections,
    users: {
      ...sections.users,
      get_user: { ...sections.users.get_user, was: { show_user: "0.2" } },
      destroy_user: { ...sections.users.destroy_user, was: { erase_user: "0.2" } },
    },
    courses: {
      ...sections.courses,
      remove_user_from_course: { ...sections.courses.remove_user_from_course, was: { unenroll: "0.2" } },
    },
  } as typeof sections,
};
const open = (options: AcademyOptions = {}) => openAcademy({ ...renamed, ...options });
const former: Readonly<Record<string, string>> = {
  look_up: "find",
  leave_person: "offboard_person",
  show_user: "get_user",
  erase_user: "destroy_user",
  unenroll: "remove_user_from_course",
};
/** As a list of them is, after a renaming. */
const tools = prebuiltTools.map((tool) => {
  const [was] = Object.entries(former).find(([, now]) => now === tool.name) ?? [];
  return was === undefined ? tool : { ...tool, was: { [was]: "0.2" } };
});
const times = (text: string, word: string) => text.split(word).length - 1;

describe("a tool's former name", () => {
  it.each(["legacy", "auto"] as const)(
    "is not listed, is called, and the reply says the new one once (%s)",
    async (mode) => {
      const academy = await open({ mode });
      const plain = await openAcademy({ mode });
      const { tools: listed } = await academy.client.listTools();

      await academy.call("find", { text: "avery" });
      const now = await academy.call("find", { text: "avery" });
      const old = await academy.call("look_up", { text: "avery" });
      const unchanged = await plain.client.listTools();

      expect(listed).toEqual(unchanged.tools);
      expect(old.outcome).toBe("done");
      expect(old.text).toBe(
        `${now.text}\nlook_up is called find now: the old name is understood in this version only.`,
      );
      expect(old.structured?.notes).toContainEqual(expect.stringContaining("look_up is called find now"));
      expect(now.text).not.toContain("look_up");
      await academy.close();
      await plain.close();
    },
  );

  it("that nobody ever gave a tool is none, whatever objects inherit", async () => {
    const academy = await open();

    for (const name of ["constructor", "__proto__", "leave_persons"])
      await expect(academy.call(name, {})).rejects.toThrow(/Unknown tool/);
    await academy.close();
  });

  it("asks as the tool does, and its question is that of the new name: one yes, one deed", async () => {
    const academy = await open({ formless: true });
    const args = { user_id: 101, course_id: 201 };
    const codeIn = ({ structured }: { structured?: Record<string, unknown> | undefined }) =>
      (structured?.asked as { confirm?: string } | undefined)?.confirm;

    const asked = await academy.call("unenroll", args);
    const confirm = codeIn(asked);
    const done = await academy.call("remove_user_from_course", { ...args, confirm });
    const twice = await academy.call("unenroll", { ...args, confirm });
    const changes = await academy.call("list_changes", {});

    expect(asked.outcome).toBe("waiting");
    expect(times(asked.text, "unenroll is called remove_user_from_course now")).toBe(1);
    expect(confirm).toMatch(/^[A-Z0-9]{4}-/);
    expect(done.outcome).toBe("done");
    expect(twice.outcome).not.toBe("done");
    expect(changes.structured?.total).toBe(1);
    await academy.close();
  });

  it("does what its tool does where a person agrees, and is kept under the new name", async () => {
    const academy = await open();

    const left = await academy.call("leave_person", { person: "avery@example.com" });
    const changes = await academy.call("list_changes", {});

    expect(left.outcome).toBe("done");
    expect(times(left.text, "offboard_person")).toBeGreaterThan(0);
    expect(times(left.text, "leave_person is called")).toBe(1);
    expect(Number(changes.structured?.total)).toBeGreaterThan(0);
    expect(changes.text).not.toContain("leave_person");
    await academy.close();
  });

  it("is taken where another tool calls it", async () => {
    const academy = await open({ env: { SKYPREP_SECTIONS: "essentials" } });

    const read = await academy.call("read_operation", {
      operation: "show_user",
      arguments: '{"user_id": 101}',
    });
    const wrong = await academy.call("read_operation", {
      operation: "erase_user",
      arguments: '{"user_id": 101}',
    });

    expect(read.text).toMatch(/Avery[\s\S]*show_user is called get_user now/);
    expect(wrong).toMatchObject({ outcome: "refused", text: expect.stringContaining("use write_operation") });
    await academy.close();
  });

  it("opens nothing that settings leave out", async () => {
    const reading = await open({ env: { SKYPREP_READ_ONLY: "true" } });
    const few = await open({ env: { SKYPREP_SECTIONS: "skills" } });

    const refused = await reading.call("leave_person", { person: "101" });
    const leftOut = await few.call("look_up", { text: "avery" });

    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringMatching(/offboard_person changes something/),
    });
    expect(leftOut).toMatchObject({
      isError: true,
      text: expect.stringMatching(/find belongs to the section/),
    });
    await reading.close();
    await few.close();
  });

  it("needs of a token what the tool needs", () => {
    const byName = new Map(tools.map((tool) => [tool.name, tool]));

    expect(scopeOfCall(byName, "leave_person", {})).toBe("write");
    expect(scopeOfCall(byName, "look_up", {})).toBe("read");
    expect(scopeOfCall(byName, "read_operation", { operation: "erase_user" })).toBe("write");
  });

  it("holds in a policy that was written with it, allowed or denied, by its beginning too", () => {
    const offered = (rules: object) => {
      const read = readPolicy(JSON.stringify(rules), { name: "desk", digest: "0" }, tools);
      if ("wrong" in read) throw new Error(read.wrong.join("\n"));
      return tools.filter(read.offers).map(({ name }) => name);
    };

    expect(offered({ tools: { deny: ["leave_person"] } })).not.toContain("offboard_person");
    expect(offered({ tools: { deny: ["erase_*"] } })).not.toContain("destroy_user");
    expect(offered({ tools: { allow: ["look_up", "get_user"] } })).toEqual(
      expect.arrayContaining(["find", "get_user"]),
    );
    const refuses = readPolicy('{"refuse":["leave_person"]}', { name: "desk", digest: "0" }, tools);
    expect(
      "wrong" in refuses || refuses.refuses({ name: "offboard_person", section: "jobs", effect: "remove" }),
    ).toBe(true);
    expect(() => offered({ tools: { deny: ["left_person"] } })).toThrow(/there is no "left_person"/);
  });

  it("is taken on a command line, which says the new one", async () => {
    const came = await skyprep(["call", "look-up", "--text", "avery"], { tools });

    expect(came).toMatchObject({ code: 0, err: expect.stringContaining("look_up is called find now") });
  });
});

describe("the former names that are kept", () => {
  const minor = (version: string) => {
    const [major, second] = version.split(".").map(Number);
    return Number(major) * 1_000 + Number(second);
  };

  it("are of this minor version, or the next: older ones are to be taken out", () => {
    const kept = prebuiltTools.flatMap(({ was = {} }) => Object.entries(was));

    expect(kept.filter(([, since]) => minor(since) < minor(packageJson.version))).toEqual([]);
  });

  it("are no other tool's name, and no two tools' former one", () => {
    const all = prebuiltTools.flatMap(({ was = {} }) => Object.keys(was));

    expect(new Set(all).size).toBe(all.length);
    expect([...namesNow(prebuiltTools).keys()].sort()).toEqual(all.sort());
  });
});
