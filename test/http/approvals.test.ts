import { beforeAll, describe, expect, it } from "vitest";
import { isLong } from "../support/long.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { wordsIn } from "../support/words-in.ts";
import {
  type Asked,
  type AskingTeam,
  addressIn,
  askingHere,
  fourEyes,
  group,
  keepers,
  remove,
  textIn,
  write,
} from "./approvals.ts";
import { answerAt, browse } from "./signing-in.ts";

const phraseIn = (html: string): string => /Type <b>([^<]+)<\/b>/.exec(html)?.[1] ?? "";

const approve = async (one: AskingTeam, path: string, who = "mia", at = 0) => {
  const { html } = await browse(one.base(at), path, { who });
  return answerAt(one.base(at), path, who, { answer: "approve", phrase: phraseIn(html) });
};

describe.each(keepers)("a question that waits on a page, kept in %s", (keeper) => {
  // What hangs on nothing that keeps them is tried with both in the long form alone.
  const itWithOne = keeper === "files" || isLong ? it : it.skip;
  let fresh: FreshDatabase | undefined;
  beforeAll(async () => {
    if (keeper === "postgres") fresh = await freshDatabase();
  });
  const open = (asked: Asked = {}) => askingHere({ fresh, ...asked });

  it("is put at one replica, answered at the next, and used by the same call at a third: once", async () => {
    const one = await open({ replicas: 3 });

    const asked = await one.call(...remove);
    const path = addressIn(asked);
    const waits = await one.call(...remove, { at: 1 });
    const page = await browse(one.base(1), path, { who: "mia" });
    const taken = await approve(one, path, "mia", 1);
    const done = await one.call(...remove, { at: 2 });
    const again = await one.call(...remove, { at: 0 });

    expect(textIn(asked)).toMatch(/^(\[sandbox\] )?Not done yet: a person has to agree/);
    expect(textIn(asked)).toMatch(/It is good until 2026-11-23 12:10 UTC/);
    expect(addressIn(waits)).toBe(path);
    expect(page.html).toMatch(/Delete “<bdi>Elena Grant/);
    expect(page.html).toContain("<bdi>mia</bdi>");
    expect(taken.status).toBe(303);
    expect(textIn(done)).toMatch(/Done|[Dd]eleted/);
    expect(one.sent("destroy_user")).toBe(1);
    expect(textIn(again)).not.toMatch(/^(\[sandbox\] )?Done/);
  });

  it("is one call's where it comes to replicas at once", async () => {
    const one = await open();
    const path = addressIn(await one.call(...group));
    await approve(one, path);

    await Promise.all([0, 1, 0, 1].map((at) => one.call(...group, { at })));

    expect(one.sent(group[0])).toBe(1);
  });

  it("is one question where the same call is made at replicas at once", async () => {
    const one = await open();

    const asked = await Promise.all([0, 1, 0, 1].map((at) => one.call(...group, { at })));

    expect(new Set(asked.map(addressIn)).size).toBe(1);
    expect(addressIn(asked[0] ?? {})).toMatch(/^\/approvals\/[\w-]{16}$/);
  });

  it("says who agreed, and what they wrote, in the journal", async () => {
    const one = await open({ academies: fourEyes });
    const path = addressIn(await one.call(...group));

    await answerAt(one.base(1), path, "rob", { answer: "approve", reason: "as agreed on Monday" });
    await one.call(...group, { at: 1 });
    const lines = await one.journal();

    expect(lines.find(({ line }) => line === "intent")).toMatchObject({
      agreed: "page",
      person: "mia",
      approver: "rob",
    });
    expect(lines.filter(({ line }) => line === "asked")).toMatchObject([
      { said: "asked", person: "mia" },
      { said: "yes", by: "page", person: "rob", why: "as agreed on Monday" },
    ]);
  });

  it("is refused with a reason, which whoever asked reads once", async () => {
    const one = await open();
    const path = addressIn(await one.call(...group));

    await answerAt(one.base(1), path, "mia", { answer: "refuse", reason: "not her" });
    const page = await browse(one.base(), path, { who: "mia" });
    const told = await one.call(...group);
    const anew = await one.call(...group, { at: 1 });

    expect(page.html).toContain("<h1>Refused.</h1>");
    expect(textIn(told)).toMatch(/person said no to remove_user_from_user_group/);
    expect(textIn(told)).toContain("They wrote: “not her”");
    expect(addressIn(anew)).not.toBe("");
    expect(addressIn(anew)).not.toBe(path);
    expect(one.sent(group[0])).toBe(0);
  });

  itWithOne("is closed after three wrong phrases", async () => {
    const one = await open();
    const path = addressIn(await one.call(...remove));
    const typing = (phrase: string) => answerAt(one.base(1), path, "mia", { answer: "approve", phrase });

    const wrong = [await typing("delete"), await typing(""), await typing("delete")];
    const right = await approve(one, path);
    const told = await one.call(...remove);

    expect(wrong.map(({ status }) => status)).toEqual([422, 422, 303]);
    expect(wrong[0]?.html).toContain("2 tries are left");
    expect(right.status).toBe(409);
    expect(textIn(told)).toMatch(/What was typed is not what was asked for/);
    expect(one.sent("destroy_user")).toBe(0);
  });

  it("is over after ten minutes, or as many hours as the operator set", async () => {
    const [short, long] = [
      await open(),
      await open({ academies: [{ name: "acme", sandbox: true, approval_hours: 24 }] }),
    ];
    const paths = [addressIn(await short.call(...group)), addressIn(await long.call(...group))] as const;
    await short.pass(600_000);
    if (keeper === "files") await long.pass(600_000);
    else long.clock.set(long.clock.now() + 600_000);

    const late = await approve(short, paths[0]);
    const asked = await short.call(...group);
    await approve(long, paths[1]);
    await long.call(...group);

    expect(late.status).toBe(404);
    expect(addressIn(asked)).not.toBe(paths[0]);
    expect(short.sent(group[0])).toBe(0);
    expect(long.sent(group[0])).toBe(1);
  });

  itWithOne("is asked anew where what it is about changed since", async () => {
    const one = await open();
    const path = addressIn(await one.call("destroy_user_group", { user_group_id: 301 }));
    await approve(one, path);
    await one.call("update_user_group", { user_group_id: 301, name: "Another" });

    const anew = await one.call("destroy_user_group", { user_group_id: 301 });

    expect(textIn(anew)).toContain("“Another”");
    expect(addressIn(anew)).not.toBe(path);
    expect(one.sent("destroy_user_group")).toBe(0);
  });

  it("goes on for a job, each step once, and says who agreed in each of its lines", async () => {
    const one = await open({ academies: fourEyes });
    const job = ["offboard_person", { person: "110", last_day: "2026-12-01" }] as const;
    const path = addressIn(await one.call(...job));
    await approve(one, path, "rob", 1);

    await one.call(...job, { at: 1 });
    await one.call(...job);
    const intents = (await one.journal()).filter(({ line }) => line === "intent");

    expect(path).not.toBe("");
    expect(one.sent("update_user")).toBe(1);
    expect(intents.length).toBeGreaterThan(0);
    for (const intent of intents) expect(intent).toMatchObject({ agreed: "page", approver: "rob" });
  });

  itWithOne(
    "Bob opens Alice's address: it looks as if there were none, and nothing he says counts",
    async () => {
      const one = await open();
      const path = addressIn(await one.call(...remove));

      const theirs = await browse(one.base(), path, { who: "rob" });
      const unknown = await browse(one.base(), "/approvals/AAAAAAAAAAAAAAAA", { who: "rob" });
      const altered = await browse(one.base(), `${path.slice(0, -1)}${path.endsWith("A") ? "B" : "A"}`, {
        who: "mia",
      });
      const said = await answerAt(one.base(1), path, "rob", { answer: "approve", phrase: "delete 110" });
      const after = await one.call(...remove);

      expect([theirs.status, unknown.status, altered.status, said.status]).toEqual([404, 404, 404, 404]);
      expect(theirs.html).toBe(unknown.html);
      expect(wordsIn(theirs.html, ["110", "mia"])).toEqual([]);
      expect(addressIn(after)).toBe(path);
      expect(one.sent("destroy_user")).toBe(0);
    },
  );

  itWithOne.each<[string, (one: AskingTeam) => void]>([
    ["taken away", ({ granted }) => granted.set("rob", [])],
    [
      "another's policy",
      ({ granted }) => granted.set("rob", [{ academy: "acme", scopes: write, policy: "/p" }]),
    ],
  ])("the approver's grant is %s between answer and write: a person is asked anew", async (_, change) => {
    const one = await open({ academies: fourEyes });
    const path = addressIn(await one.call(...group));
    await answerAt(one.base(), path, "rob", { answer: "approve" });
    change(one);

    const anew = await one.call(...group, { at: 1 });

    expect(textIn(anew)).toMatch(/Not done yet/);
    expect(addressIn(anew)).not.toBe(path);
    expect(one.sent(group[0])).toBe(0);
  });

  itWithOne("the asker's grant is taken away between answer and write: nothing is sent", async () => {
    const one = await open();
    await approve(one, addressIn(await one.call(...group)));
    one.granted.set("mia", [{ academy: "acme", scopes: ["read"] }]);

    await one.call(...group);

    expect(one.sent(group[0])).toBe(0);
  });

  it("a yes is no other person's, academy's or call's", async () => {
    const both = (name: string) => [
      { academy: "acme", scopes: write },
      { academy: "north", scopes: write },
      { academy: name, scopes: write },
    ];
    const one = await open({
      academies: [
        { name: "acme", sandbox: true },
        { name: "north", sandbox: true },
      ],
      people: { mia: both("x"), rob: both("y") },
    });
    await approve(one, addressIn(await one.call(...group)));

    const others = [
      await one.call(...group, { who: "rob" }),
      await one.call(...group, { academy: "north" }),
      await one.call(group[0], { ...group[1], user_id: 102 }),
    ];
    const before = one.sent(group[0]);
    await one.call(...group, { at: 1 });

    for (const other of others) expect(textIn(other)).toMatch(/Not done yet|not in|no /);
    expect(before).toBe(0);
    expect(one.sent(group[0])).toBe(1);
  });

  it("what is kept says nothing to who reads it, and counts for nothing once it is written in", async () => {
    const one = await open();
    const path = addressIn(await one.call(...remove));
    const whole = (await one.kept()).map(({ name, text }) => `${name}\n${text}`).join("\n");
    await approve(one, path);

    const files = one.stateOf("acme").stamped("approvals", "sandbox");
    for (const { name, text } of await one.kept())
      if (/page\.json$/.test(name)) await files.put(name, text.replace('"answer":', '"answer": '));
    await one.call(...remove);

    expect(whole).not.toMatch(/Delete|@example/);
    expect(wordsIn(whole, ["mia", "110"])).toEqual([]);
    expect(one.sent("destroy_user")).toBe(0);
  });

  it("is taken back where somebody is forgotten, and so is who agreed; the chain stays whole", async () => {
    const scopes = [{ academy: "acme", scopes: write }];
    const one = await open({
      academies: fourEyes,
      people: { mia: scopes, "rob@example.com": scopes },
    });
    const path = addressIn(await one.call(...group));
    const said = { answer: "approve", reason: "rob@example.com says so" };
    await answerAt(one.base(), path, "rob@example.com", said);
    await one.call(...group);
    const waits = addressIn(await one.call(...remove));

    const isWhole = await one.forget("rob@example.com");
    const lines = await one.journal();
    const left = (await one.kept()).filter(({ name }) => /\.page\./.test(name));
    const page = await browse(one.base(1), waits, { who: "rob@example.com" });
    const anew = await one.call(...remove, { at: 1 });

    expect(isWhole).toBe(true);
    expect(JSON.stringify(lines)).not.toContain("rob@");
    expect(lines.find(({ line }) => line === "intent")).toMatchObject({ approver: "(forgotten)" });
    expect(left).toEqual([]);
    expect(page.status).toBe(404);
    expect(addressIn(anew)).not.toBe("");
  });

  it("is used by the clock of whatever keeps it, whatever the replica's says", async () => {
    const one = await open();
    await approve(one, addressIn(await one.call(...group)));
    if (keeper === "files") await one.pass(599_000);
    else one.clock.set(one.clock.now() + 3_600_000);

    await one.call(...group);

    expect(one.sent(group[0])).toBe(1);
  });
});
