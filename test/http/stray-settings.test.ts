import { describe, expect, it } from "vitest";
import { readAcademies } from "../../src/http/academies.ts";
import { readGrants } from "../../src/http/grants.ts";
import { strayIn } from "../../src/http/stray-settings.ts";
import { identityOf } from "./identity/signed-in.ts";
import { academiesWorld } from "./team.ts";

const stray = (academies: object[], grants: object, identity: object = {}) => {
  const text = JSON.stringify({ academies });
  const there = readAcademies([{ file: "academies.json", text }], { ...academiesWorld, signsIn: () => true });
  const given = readGrants(JSON.stringify(grants), "grants.json");
  if ("wrong" in there || "wrong" in given) throw new Error(JSON.stringify([there, given]));
  return strayIn({
    academies: there.value,
    grants: given.value,
    identity: identityOf({ issuer: "https://login.example.com", ...identity }),
  });
};
const acme = { name: "acme", sandbox: true, approval: "four-eyes" };
const approve = [{ academy: "acme", scopes: ["approve"] }];

describe("files that are right one by one and contradict each other", () => {
  it("are told of by what nobody gets", () => {
    const typo = [{ academy: "acmee", scopes: ["write"] }];

    expect(stray([acme], { people: { mia: typo, rob: approve }, clients: { job: typo } })).toEqual([
      "grants.json: there is no academy acmee, so what is granted there is nothing.",
    ]);
    expect(stray([acme], { people: { rob: approve } }, { audiences: { nope: "api://x" } })).toEqual([
      "identity.json: audiences: there is no academy nope.",
    ]);
  });

  it("are told of where four-eyes has nobody who may approve; a client is no pair of eyes", () => {
    const why = /acme: four-eyes, and grants\.json gives nobody approve there/;

    expect(stray([acme], { clients: { job: approve } }).join()).toMatch(why);
    expect(stray([acme], { people: { rob: approve } })).toEqual([]);
    expect(stray([acme], { groups: [{ group: "leads", academies: approve }] })).toEqual([]);
  });
});
