import { afterAll, describe, expect, it } from "vitest";
import { type Case, cases } from "./cases.ts";
import { jobCases } from "./jobs.ts";
import { questionOfJob } from "./questions.ts";
import { openCounted } from "./world.ts";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** Asks, declines, and gives what was read; an academy for all of a kind, since nothing is ever done to it. */
function asking() {
  const opened = new Map<boolean, ReturnType<typeof openCounted>>();
  return async (name: string, args: Readonly<Record<string, unknown>>, kind: Case["kind"] = "power") => {
    const many = kind === "many";
    const academy = await (opened.get(many) ?? open(many));
    let message = "";
    const times = academy.answered((form) => {
      message = form.phrase === undefined ? form.message : `${form.message}\n[type] ${form.phrase}`;
      return { action: "decline" };
    });
    await academy.call(name, args);
    expect(times(), `${name} asks once`).toBe(1);
    expect(academy.sent).toEqual([]);
    return message;
  };
  async function open(many: boolean) {
    const opening = openCounted();
    opened.set(many, opening);
    const academy = await opening;
    closing.push(academy.close);
    if (many) await academy.prepare({ kind: "many" });
    return academy;
  }
}
const question = asking();

/** Every question that was asked here, by what asked it. */
const all = new Map<string, string>();
const heard = (title: string, message: string): string => {
  all.set(title, message.replace(/\n?\[type\] .*$/, ""));
  return message;
};

it.each(cases.map((one) => [one.title, one] as const))(
  "%s asks in these words",
  async (title, { tool, kind, args }) => {
    expect(heard(title, await question(tool.name, args, kind))).toMatchSnapshot();
  },
);

describe("jobs", () => {
  it.each(jobCases.map((one) => [one.title, one] as const))("%s asks in these words", async (title, one) => {
    expect(heard(title, await questionOfJob(one))).toMatchSnapshot();
  });
});

describe("every question", () => {
  /** Our own words: without what stands in quotes, and without logins. */
  const ours = (text: string) => text.replace(/“[^”]*”/g, "“”").replace(/[\w.+-]+@[\w.-]+/g, "login");
  const offenders = (isWrong: (lines: readonly string[]) => readonly string[]) => {
    expect(all.size).toBeGreaterThanOrEqual(cases.length + jobCases.length);
    return [...all].flatMap(([title, text]) => isWrong(text.split("\n")).map((line) => `${title}: ${line}`));
  };
  const linesWith = (pattern: RegExp) => (lines: readonly string[]) =>
    lines.filter((line) => pattern.test(ours(line)));

  it("asks on its first line, of whom or what by name", () => {
    expect(
      offenders(([first = ""]) =>
        /^\[sandbox\] [A-Z].*\?$/.test(first) &&
        (first.includes("“") || /registrations \d+ and \d+\?$/.test(first))
          ? []
          : [first],
      ),
    ).toEqual([]);
  });

  it("says what is lost on its second line, and on its third how far it can be brought back", () => {
    const back =
      /\b(can|cannot|can only) be (undone|put back|brought back|taken back|called back|moved back)\b|may not come back/;
    expect(offenders(([, second, third = ""]) => (second && back.test(third) ? [] : [third]))).toEqual([]);
  });

  it("names no tool, no parameter, and nothing that is no word", () => {
    expect(offenders(linesWith(/[a-z]_[a-z]|undefined|null|NaN|someone new|\[object/))).toEqual([]);
  });

  it("says nothing twice", () => {
    expect(
      offenders((lines) => {
        const sentences = lines
          .flatMap((line) => line.split(/(?<=[.?:;])\s+/))
          .filter((one) => one.length > 25);
        // Two people may stand alike: that is said of each.
        return sentences.filter(
          (one, n) => sentences.indexOf(one) !== n && !/^They are|^Their access|^that day is today/.test(one),
        );
      }),
    ).toEqual([]);
  });

  it("counts in the right number", () => {
    expect(
      offenders(
        linesWith(
          /\b1 (people|persons|courses|groups|points|seats|enrollments|steps|keys)\b|(^|[^\d,.])0 [a-z]|\(s\)/,
        ),
      ),
    ).toEqual([]);
    expect(
      offenders(
        linesWith(
          /\b([2-9]|\d\d+) (person|course(?! enrollments)|group|point|seat|enrollment|step|key|session|call) /,
        ),
      ),
    ).toEqual([]);
  });

  it("tells days in words and times on the academy's clock", () => {
    expect(offenders(linesWith(/\d{4}-\d\d-\d\d|UTC|T\d\d:\d\d/))).toEqual([]);
  });

  it("is sentences, a line each", () => {
    expect(
      offenders((lines) =>
        lines.filter((line) => !/[.?]$/.test(line) || !/^(\[sandbox\] )?[A-Z“\d]/.test(line)),
      ),
    ).toEqual([]);
  });
});

const flags = {
  can_add_users: "create people",
  can_receive_notifications: "be notified",
  can_edit_course_progress: "edit progress",
  can_remove_users: "remove people",
  can_add_existing_users: "add existing people",
  can_manage_all_group_users_courses: "manage members' courses",
  can_add_courses_to_user_group: "add courses",
  can_remove_courses_from_user_group: "remove courses",
  can_edit_user_password: "set passwords",
} as const;

describe.each(["assign_manager_to_user_group", "update_manager_permissions_in_user_group"])("%s", (name) => {
  const pair = { user_id: 102, user_group_id: 301 };

  it.each(Object.entries(flags))("says %s in words, and which way it goes", async (flag, words) => {
    const [on, off] = [
      await question(name, { ...pair, [flag]: true }),
      await question(name, { ...pair, [flag]: false }),
    ];

    expect(on).toContain(`They will be allowed to ${words}.`);
    expect(on).not.toContain("will not be allowed");
    expect(off).toContain(`They will not be allowed to ${words}.`);
    expect(off).not.toContain("will be allowed");
  });

  it("says every one of them, where all are given", async () => {
    const given = Object.keys(flags).map((flag, index) => [flag, index % 2 === 0]);
    const text = await question(name, { ...pair, ...Object.fromEntries(given) });

    for (const words of Object.values(flags)) expect(text).toContain(words);
  });
});

describe("a new administrator", () => {
  const person = { email: "new@example.com", first_name: "N", last_name: "W", role: "admin" };

  it("is said to be mailed where they will be, and only there", async () => {
    const told = await question("create_user", { ...person, send_login_information: true });
    const quiet = await question("create_user", { ...person, send_login_information: false });

    expect(told).toMatch(/emailed how to sign in/);
    expect(quiet).not.toMatch(/emailed/);
  });
});

describe("whose rights a question tells of", () => {
  it.each([
    [2, "Neither has power-user rights now."],
    [5, "None of them has power-user rights now."],
    [7, "None of them has power-user rights now."],
  ])("is said for %i who would get them, by name up to a few", async (n, rest) => {
    const user_ids = Array.from({ length: n }, (_, index) => 103 + index);
    const text = await question("create_or_update_power_users", {
      user_ids,
      user_role_id: 601,
      dataset_ids: [701],
    });

    const [head = ""] = text.split("\n");
    expect(head.match(/“[^”]+” \((person \d+|[\w.]+@example\.com)\)/g)).toHaveLength(n > 6 ? 3 : n);
    if (n > 6) expect(head).toContain(` and ${n - 3} more people the power-user role “`);
    expect(text).toContain(rest);
  });

  it("is said by name of those who have some, and how many have none", async () => {
    const text = await question("create_or_update_power_users", {
      user_ids: [101, 102, 103, 104, 105, 106, 107],
      user_role_id: 601,
      dataset_ids: [701],
    });

    expect(text).toMatch(
      /“Jordan Manager” \(jordan@example\.com\) has the power-user role “Regional Training Manager” \(601\) over the dataset “Sales Region Dataset” \(701\) now\./,
    );
    expect(text).toMatch(/The other \d have no power-user rights now\./);
  });
});
