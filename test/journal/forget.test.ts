import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asPrincipal } from "../../src/access/principal.ts";
import { forget } from "../../src/journal/forget.ts";
import { verify } from "../../src/journal/verify.ts";
import { avery, intent, linesIn, lockOf, newPlace, opened, textIn } from "./world.ts";

const jordan = { kind: "person", id: 102, login: "jordan@example.com", name: "Jordan Manager" } as const;
const course = { kind: "course", id: 202, name: "Safety" } as const;

/** Everything in the folder, names of files included. */
const trace = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((one) => `${one.name}\n${one.isFile() ? readFileSync(join(one.parentPath, one.name), "utf8") : ""}`)
    .join("\n");

const forgetAvery = (folder: string, login: string = avery.login) =>
  forget({ folder, lock: lockOf(folder), login });

describe("forgetting a person", () => {
  it("leaves no trace of login or name in any file, and the chain whole", async () => {
    const { folder, journal } = opened();
    const question = `Delete ${avery.name} (${avery.login}, #101)?`;
    await journal.note({
      question,
      account: "sandbox",
      tool: "destroy_user",
      kind: "irreversible",
      said: "yes",
    });
    await journal.intend(intent({ question }), { image: { phone: "555-1234" } });
    await journal.finish(2, { is: "failed", why: `There is no ${avery.login}.` }, 3);
    await journal.intend(
      intent({ tool: "update_user", arguments: { user_email: "Avery@Example.com", city: "Springfield" } }),
    );
    await journal.intend(
      intent({ tool: "remove_users", arguments: { group_id: 7 }, targets: [{ kind: "group", id: 7 }] }),
      { image: [{ login: jordan.login }, { login: avery.login }] },
    );
    writeFileSync(join(folder, "journal.torn-9-20261123T100000000Z"), `{"seq":9,"login":"avery@ex`);

    const done = await forgetAvery(folder);

    expect(done).toEqual({ lines: 4, images: 2, setAside: 1, files: 0 });
    expect(trace(folder)).not.toMatch(/avery|springfield|555-1234|learner/i);
    expect(await verify(folder)).toEqual({ lines: 5, forgotten: 4, breaks: [] });
    expect(linesIn(folder)[1]).toMatchObject({
      arguments: { user_id: 101 },
      targets: [{ kind: "person", id: 101, login: "(forgotten)" }],
      question: "(forgotten)",
      forgotten: true,
    });
  });

  it("masks who did it where that is them, and no other, the chain staying whole", async () => {
    const { folder, journal } = opened();
    const by = (person: string, client?: string) => ({ person, scopes: [], replica: "r1", client });
    const ofCourse = intent({ targets: [course], arguments: {} });
    await asPrincipal(by(avery.login, "desktop"), () => journal.intend(ofCourse));
    await asPrincipal(by("ana@example.com"), () => journal.intend(intent()));
    await asPrincipal(by("ana@example.com"), () => journal.intend(ofCourse));
    await asPrincipal(by("ana@example.com", `laptop/${avery.login}`), () => journal.intend(ofCourse));

    expect(await forgetAvery(folder)).toMatchObject({ lines: 3 });

    expect(linesIn(folder).map(({ person, client_id }) => [person, client_id])).toEqual([
      ["(forgotten)", "desktop"],
      ["ana@example.com", undefined],
      ["ana@example.com", undefined],
      ["ana@example.com", "(forgotten)"],
    ]);
    expect(await verify(folder)).toEqual({ lines: 4, forgotten: 3, breaks: [] });
  });

  it("follows their number to lines that say nothing else, and to the login they had before", async () => {
    const { folder, journal } = opened();
    await journal.intend(
      intent({ tool: "create_user", targets: [], arguments: { email: "av@example.com", city: "Rome" } }),
    );
    await journal.finish(1, { is: "done", made: 101 }, 1);
    await journal.intend(
      intent({ tool: "update_user", arguments: { user_id: 101, city: "Paris" }, targets: [] }),
    );
    await journal.intend(
      intent({ tool: "update_user", arguments: { user_id: 101, email: "avery@example.com" } }),
    );

    await forgetAvery(folder, "av@example.com");

    expect(trace(folder)).not.toMatch(/av@|avery|rome|paris/i);
    expect(await verify(folder)).toEqual({ lines: 4, forgotten: 3, breaks: [] });
  });

  it("knows their name and number where a line says no login, and the login they have now", async () => {
    const { folder, journal } = opened();
    const asked = { account: "sandbox", tool: "x", kind: "removing", said: "asked" } as const;
    await journal.note({ ...asked, question: `Remove ${avery.name} from a group?` });
    await journal.note({ ...asked, question: "Remove #101 from a group?" });
    await journal.note({ ...asked, question: "Remove #1010 from a group?" });
    await journal.intend(intent());
    await journal.intend(
      intent({ targets: [{ ...avery, login: "married@example.com", name: "Avery Married" }] }),
    );
    await journal.note({ ...asked, question: "Remove married@example.com from a group?" });

    const { lines } = await forgetAvery(folder);

    expect(lines).toBe(5);
    expect(linesIn(folder).map(({ question }) => question)).toEqual([
      "(forgotten)",
      "(forgotten)",
      "Remove #1010 from a group?",
      undefined,
      undefined,
      "(forgotten)",
    ]);
    expect(trace(folder)).not.toMatch(/avery|married/i);
  });

  it.each([..."\\^$.*+?()[]{}|/-_'"])(
    "takes %s in a login for itself, and another login for another",
    async (sign) => {
      const { folder, journal } = opened();
      const asked = { account: "sandbox", tool: "x", kind: "removing", said: "asked" } as const;
      const login = `q${sign}q@example.com`;
      await journal.note({ ...asked, question: `Remove ${login} from a group?` });
      await journal.note({ ...asked, question: "Remove qXq@example.com from a group?" });
      await journal.note({ ...asked, question: "Remove qq@example.com from a group?" });

      const { lines } = await forgetAvery(folder, login);

      expect(lines).toBe(1);
      expect(linesIn(folder).map(({ question }) => question)).toEqual([
        "(forgotten)",
        "Remove qXq@example.com from a group?",
        "Remove qq@example.com from a group?",
      ]);
    },
  );

  it("masks numbers and flags that tell of them, not their own number, nor what was empty", async () => {
    const { folder, journal } = opened();
    const told = { user_id: 101, zip: 90210, date_of_birth: 19700101, disabled: false, cell: null };
    await journal.intend(
      intent({ tool: "update_user", arguments: { people: [{ ...told, email: avery.login }] } }),
    );

    await forgetAvery(folder);

    const person = {
      user_id: 101,
      zip: "(forgotten)",
      date_of_birth: "(forgotten)",
      disabled: "(forgotten)",
      cell: null,
      email: "(forgotten)",
    };
    expect(linesIn(folder)[0]?.arguments).toEqual({ people: [person] });
  });

  it("leaves others in lines about several", async () => {
    const { folder, journal } = opened();
    const people = [
      { email: avery.login, first_name: "Avery", phone: "1" },
      { email: jordan.login, first_name: "Jordan", phone: "2" },
    ];
    await journal.intend(
      intent({
        targets: [avery, jordan, course],
        arguments: { course_id: 202, note: "spring", emails: [avery.login, jordan.login], people },
      }),
    );

    await forgetAvery(folder);

    expect(linesIn(folder)[0]).toMatchObject({
      arguments: {
        course_id: 202,
        note: "spring",
        emails: ["(forgotten)", jordan.login],
        people: [{ email: "(forgotten)", first_name: "(forgotten)", phone: "(forgotten)" }, people[1]],
      },
      targets: [{ kind: "person", id: 101, login: "(forgotten)" }, jordan, course],
    });
  });

  it.each([
    ["another login that ends alike", { ...jordan, login: "mary.avery@example.com" }],
    ["another login that begins alike", { ...jordan, login: "avery@example.com.au" }],
    ["a course of the same number", { ...course, id: 101 }],
  ])("does not touch %s", async (_, target) => {
    const { folder, journal } = opened();
    await journal.intend(intent({ tool: "known", account: "sandbox" }));
    await journal.intend(intent({ targets: [target], arguments: { note: "kept" } }));

    await forgetAvery(folder);

    expect(linesIn(folder)[1]).toMatchObject({ targets: [target], arguments: { note: "kept" } });
  });

  it("does not take a number of one account for that of another", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    const other = intent({
      account: "other",
      targets: [{ ...jordan, id: 101 }],
      arguments: { city: "Oslo" },
    });
    await journal.intend(other);

    await forgetAvery(folder);

    expect(linesIn(folder)[1]).toMatchObject({ targets: other.targets, arguments: { city: "Oslo" } });
  });

  it("changes nothing where it finds nobody, or has done its work", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    const before = textIn(folder);

    expect(await forgetAvery(folder, "nobody@example.com")).toEqual({
      lines: 0,
      images: 0,
      setAside: 0,
      files: 0,
    });
    expect(textIn(folder)).toBe(before);

    await forgetAvery(folder);
    const after = textIn(folder);
    expect(await forgetAvery(folder)).toEqual({ lines: 0, images: 0, setAside: 0, files: 0 });
    expect(textIn(folder)).toBe(after);
  });

  it("makes no folder where there is none", async () => {
    const folder = join(newPlace(), "none");

    expect(await forgetAvery(folder)).toEqual({ lines: 0, images: 0, setAside: 0, files: 0 });
    expect(existsSync(folder)).toBe(false);
  });

  it("lets running servers go on, and shows them the masked lines", async () => {
    const { folder, journal } = opened();
    await journal.intend(intent());
    await journal.since("sandbox", 0);

    await forgetAvery(folder);

    expect((await journal.since("sandbox", 0))[0]?.intent.targets).toEqual([
      { kind: "person", id: 101, login: "(forgotten)" },
    ]);
    expect(await journal.intend(intent({ targets: [jordan] }))).toEqual({ seq: 2 });
    expect(await verify(folder)).toEqual({ lines: 2, forgotten: 1, breaks: [] });
  });

  it("does not hide that the tail had been cut", async () => {
    const { folder, journal } = opened();
    for (let n = 0; n < 3; n += 1) await journal.intend(intent());
    const lines = textIn(folder).split("\n");
    writeFileSync(join(folder, "journal.jsonl"), `${lines[0]}\n`);

    await forgetAvery(folder);
    await journal.intend(intent());

    expect((await verify(folder)).breaks).toEqual([
      { seq: 4, why: "2 lines are missing before it: the file had been cut" },
    ]);
  });
});
