import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Scope } from "../../src/access/principal.ts";
import { bothHold, type Grantee, type Grants, grantIn, holds, readGrants } from "../../src/http/grants.ts";

const scopes = ["read", "write", "approve"] as const;
const policies = ["strict.json", "other.json"];

const read = (said: unknown): Grants => {
  const found = readGrants(JSON.stringify(said), "grants.json");
  if ("wrong" in found) throw new Error(found.wrong.join("\n"));
  return found.value;
};
const who = (one: Partial<Grantee>): Grantee => ({ person: undefined, groups: [], ...one });
const acme = (...given: Scope[]) => [{ academy: "acme", scopes: given }];

describe("what is granted to whom", () => {
  const grants = read({
    people: { mia: acme("read"), rob: [{ academy: "try", scopes: ["write"] }], barred: [] },
    groups: [
      { group: "externals", academies: [{ academy: "acme", scopes: ["read"], policy: "strict.json" }] },
      { group: "admins", academies: acme("write", "approve") },
      { group: "staff", academies: [...acme("read"), { academy: "try", scopes: ["read"] }] },
    ],
    clients: {
      nightly: acme("write"),
      reader: acme("read"),
      ruled: [{ academy: "acme", scopes: ["write"], policy: "other.json" }],
      barred: [],
    },
  });
  const at = (one: Partial<Grantee>, academy = "acme") => grantIn(grants, who(one), academy);

  it("is a person's own entry alone, whatever groups they are in", () => {
    expect(at({ person: "mia", groups: ["admins"] })?.scopes).toEqual(["read"]);
    expect(at({ person: "rob", groups: ["admins"] })).toBeUndefined();
    expect(at({ person: "barred", groups: ["admins", "staff"] })).toBeUndefined();
  });

  it("is else what the first of their groups in the file says that names the academy, with its policy", () => {
    const both = at({ person: "eve", groups: ["staff", "admins", "externals"] });

    expect(both).toEqual({ academy: "acme", scopes: ["read"], policy: "strict.json" });
    expect(at({ person: "eve", groups: ["staff", "admins"] })?.scopes).toEqual(["write", "approve"]);
    expect(at({ person: "eve", groups: ["admins", "staff"] }, "try")?.scopes).toEqual(["read"]);
    expect(at({ person: "eve", groups: ["choir"] })).toBeUndefined();
    expect(at({ person: "eve", groups: ["Admins"] })).toBeUndefined();
  });

  it("is narrowed by a client that is named, and not by one that is not", () => {
    const admin = { person: "eve", groups: ["admins"] };

    expect(at({ ...admin, client: "desktop" })?.scopes).toEqual(["write", "approve"]);
    expect(at({ ...admin, client: "reader" })?.scopes).toEqual(["read"]);
    expect(at({ ...admin, client: "barred" })).toBeUndefined();
    expect(at({ person: "eve", groups: ["staff"], client: "nightly" }, "try")).toBeUndefined();
    // Which of two policies is narrower nobody knows.
    expect(at({ ...admin, client: "ruled" })).toBeUndefined();
    expect(at({ person: "eve", groups: ["externals"], client: "reader" })?.policy).toBe("strict.json");
  });

  it("is of a client that acts for nobody what stands under its name, and nothing of people or groups", () => {
    expect(at({ client: "nightly" })?.scopes).toEqual(["write"]);
    expect(at({ client: "mia" })).toBeUndefined();
    expect(at({ client: "desktop", groups: ["admins"] })).toBeUndefined();
    expect(at({})).toBeUndefined();
    expect(at({ person: "nightly" })).toBeUndefined();
  });

  const rule = fc.record({
    academy: fc.constantFrom("acme", "try"),
    scopes: fc.uniqueArray(fc.constantFrom(...scopes), { minLength: 1 }),
    policy: fc.option(fc.constantFrom(...policies), { nil: undefined }),
  });
  const rules = fc.uniqueArray(rule, { selector: ({ academy }) => academy, maxLength: 2 });
  const names = ["one", "two", "three"];
  const named = fc.dictionary(fc.constantFrom(...names), rules, { maxKeys: 2 });
  const anyGrants = fc
    .record({
      people: named,
      groups: fc.uniqueArray(fc.record({ group: fc.constantFrom(...names), academies: rules }), {
        selector: ({ group }) => group,
      }),
      clients: named,
    })
    .map(read);
  const anyone = fc.record({
    person: fc.option(fc.constantFrom(...names), { nil: undefined }),
    groups: fc.uniqueArray(fc.constantFrom(...names)),
    client: fc.option(fc.constantFrom(...names), { nil: undefined }),
  });

  it("is never more than one rule that is written, under that rule's own policy", () => {
    fc.assert(
      fc.property(anyGrants, anyone, (all, one) => {
        const given = grantIn(all, one, "acme");
        if (given === undefined) return;
        const written = [
          ...all.people.values(),
          ...all.groups.map(({ academies }) => academies),
          ...all.clients.values(),
        ].flat();
        expect(
          written.some(
            (rule) =>
              rule.academy === "acme" &&
              rule.policy === given.policy &&
              given.scopes.every((scope) => holds(rule.scopes, scope)),
          ),
        ).toBe(true);
      }),
    );
  });

  it("never grows by naming a person or a client with less", () => {
    fc.assert(
      fc.property(anyGrants, anyone, fc.constantFrom(...names), (all, one, client) => {
        const free = grantIn(all, { ...one, client: undefined }, "acme");
        const by = grantIn(all, { ...one, client }, "acme");
        if (one.person !== undefined && by !== undefined) {
          expect(by.policy).toBe(free?.policy);
          for (const scope of by.scopes) expect(holds(free?.scopes ?? [], scope)).toBe(true);
        }
        const barred = { ...all, people: new Map([...all.people, [one.person ?? "", []]]) };
        if (one.person !== undefined) expect(grantIn(barred, one, "acme")).toBeUndefined();
      }),
    );
  });

  it("is together what both hold, however they are written", () => {
    const some = fc.uniqueArray(fc.constantFrom(...scopes));
    fc.assert(
      fc.property(some, some, (one, other) => {
        const both = bothHold(one, other);
        for (const scope of scopes) expect(holds(both, scope)).toBe(holds(one, scope) && holds(other, scope));
      }),
    );
  });

  it.each<[unknown, RegExp]>([
    [{}, /write people, groups or clients/],
    [{ groups: { admins: [] } }, /groups: /],
    [
      {
        groups: [
          { group: "a", academies: [] },
          { group: "a", academies: [] },
        ],
      },
      /groups names one group twice/,
    ],
    [
      { groups: [{ group: "a", academies: [...acme("read"), ...acme("write")] }] },
      /groups: a names one academy twice/,
    ],
    [{ clients: { c: [...acme("read"), ...acme("write")] } }, /clients\.c names one academy twice/],
    [{ clients: { c: [{ academy: "acme", scopes: ["admin"] }] } }, /clients\.c\.0\.scopes\.0/],
    [{ people: { "client:nightly": acme("write") } }, /people/],
  ])("does not come from %j", (said, why) => {
    const found = readGrants(JSON.stringify(said), "grants.json");

    expect("wrong" in found ? found.wrong.join("\n") : "").toMatch(why);
  });
});
