import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AcademiesWorld, readAcademies } from "../../src/http/academies.ts";
import { readGrants } from "../../src/http/grants.ts";
import { keepFile } from "../../src/http/kept-file.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { academiesWorld } from "./team.ts";

const acme = { name: "acme", domain: "acme.skyprepapp.com", key: { env: "ACME_KEY" } };
const world: AcademiesWorld = { ...academiesWorld, env: { ACME_KEY: "s3cret-canary", NORTH_KEY: "other" } };
const read = (academies: unknown, more: object = {}) =>
  readAcademies([{ file: "academies.json", text: JSON.stringify({ academies, ...more }) }], world);

describe("a file of academies", () => {
  it("says of each academy what one desk would set for it", () => {
    const found = read(
      [
        {
          ...acme,
          custom_fields: { ca_0: "Region", ca_1: "Cost centre" },
          budgets: { deletions: 3 },
          egress: "office",
          read_only: true,
          confirm: "human",
        },
      ],
      { egress: { office: { calls_per_minute: 60 } } },
    );
    if ("wrong" in found) throw new Error(found.wrong.join());
    const config = found.value.get("acme")?.configFor({ readOnly: false });

    expect(config).toMatchObject({
      apiKey: "s3cret-canary",
      acctKey: "acme.skyprepapp.com",
      readOnly: true,
      confirm: "human",
      codes: false,
      callsPerMinute: 60,
      budgets: { maxDeletions: 3, maxPeople: 1_000, maxGrants: 10 },
    });
    expect(config?.customFields.get("cost centre")).toBe("ca_1");
  });

  it.each<[string, unknown, RegExp, object?]>([
    ["a name that has two spellings", [{ ...acme, name: "Acme" }], /academies\.0\.name: write small letters/],
    ["two of one name", [acme, acme], /two academies are called acme/],
    [
      "an egress that is not there",
      [{ ...acme, egress: "moon" }],
      /academies\.acme\.egress: there is no egress moon/,
    ],
    ["a key in the file", [{ ...acme, key: "s3cret-canary" }], /academies\.0\.key: .*does not belong here/],
    ["no key", [{ name: "acme", domain: "x.example" }], /academies\.0\.key: say where the key is read from/],
    [
      "a variable that is not set",
      [{ ...acme, key: { env: "NOPE" } }],
      /key\.env: the variable NOPE is not set/,
    ],
    [
      "no domain",
      [{ name: "acme", key: { env: "ACME_KEY" } }],
      /academies\.0\.domain: write the account's domain/,
    ],
    ["a domain that is none", [{ ...acme, domain: "not a domain" }], /academies\.acme: domain: /],
    ["a word that is no setting", [{ ...acme, api_key: "x" }], /there is no setting api_key/],
    [
      "a budget that is no number",
      [{ ...acme, budgets: { deletions: "many" } }],
      /academies\.0\.budgets\.deletions/,
    ],
    ["a policy that is not there", [{ ...acme, policy: "/no/such.json" }], /academies\.acme: policy: /],
    [
      "fields that are none",
      [{ ...acme, custom_fields: { region: "R" } }],
      /academies\.acme: custom_fields: /,
    ],
    [
      "an address in the open",
      [{ ...acme, base_url: "http://api.example.com" }],
      /academies\.acme: base_url: .*https/,
    ],
    ["nothing", undefined, /no academy is named/],
  ])("is refused with a sentence where it has %s", (_, academies, why, more) => {
    const found = read(academies, more);

    expect(found).toHaveProperty("wrong");
    const wrong = "wrong" in found ? found.wrong.join("\n") : "";
    expect(wrong).toMatch(why);
    expect(wrong).not.toContain("s3cret-canary");
  });

  it("may be several, and what is wrong names the one it stands in", () => {
    const texts = [
      { file: "a.json", text: JSON.stringify({ academies: [acme] }) },
      { file: "b.json", text: JSON.stringify({ academies: [{ ...acme, key: { env: "NORTH_KEY" } }] }) },
    ];

    expect(readAcademies(texts, world)).toEqual({
      wrong: ["b.json: two academies are called acme (the other in a.json); rename one."],
    });
  });
});

describe("a file that is kept", () => {
  function kept() {
    const folder = temporaryFolder("kept");
    const path = join(folder, "grants.json");
    const good = (scope: string) =>
      JSON.stringify({ people: { mia: [{ academy: "acme", scopes: [scope] }] } });
    writeFileSync(path, good("read"));
    let now = 0;
    const said: string[] = [];
    const found = keepFile({
      path,
      read: ([one]) => readGrants(one?.text ?? "", one?.file ?? ""),
      now: () => now,
      say: (line) => void said.push(line),
    });
    if ("wrong" in found) throw new Error(found.wrong.join());
    const scopes = () => found.value.now().people.get("mia")?.[0]?.scopes;
    const later = (ms = 1_000) => {
      now += ms;
    };
    return { folder, path, good, said, scopes, later, again: found.value.again };
  }

  it("counts as it stands a second later", () => {
    const { path, good, scopes, later, said } = kept();
    writeFileSync(path, good("write"));

    expect(scopes()).toEqual(["read"]);
    later();
    expect(scopes()).toEqual(["write"]);
    expect(said).toEqual([]);
  });

  it("holds on to what was good while it is half written, and says so once", () => {
    const { path, good, scopes, later, said } = kept();
    writeFileSync(path, good("write").slice(0, 30));
    for (let n = 0; n < 5; n++) {
      later();
      expect(scopes()).toEqual(["read"]);
    }
    writeFileSync(path, good("write").slice(0, 31));
    later();
    expect(scopes()).toEqual(["read"]);

    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/grants\.json is not used as it stands now, what was read before holds on\./);
    writeFileSync(path, good("write"));
    later();
    expect(scopes()).toEqual(["write"]);
    expect(said[1]).toMatch(/mended/);
  });

  it("holds on while it is gone, or a folder is in its place", () => {
    const { folder, path, scopes, later, said } = kept();
    renameSync(path, join(folder, "elsewhere"));
    later();
    expect(scopes()).toEqual(["read"]);
    mkdirSync(path);
    later();
    expect(scopes()).toEqual(["read"]);
    expect(said.length).toBeGreaterThan(0);
  });

  it("is looked at at once where that is asked for", () => {
    const { path, good, scopes, again } = kept();
    writeFileSync(path, good("write"));
    again();

    expect(scopes()).toEqual(["write"]);
  });

  it("is read anew where that is asked for, and nothing of it changed: a key that it names may have", () => {
    const path = join(temporaryFolder("kept"), "academies.json");
    writeFileSync(path, "{}");
    let reads = 0;
    const found = keepFile({ path, read: () => ({ value: ++reads }), now: () => 0, say: () => {} });
    if ("wrong" in found) throw new Error();
    found.value.again();

    expect(found.value.now()).toBe(2);
  });
});
