import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readRoutes } from "../../../src/cli/probe/reads.ts";
import { digest } from "../../../src/reply/cursor.ts";
import { assumptions } from "../../../src/skyprep/assumptions.ts";
import type { Incoming, Send } from "../../../src/skyprep/send.ts";
import { readCapabilities } from "../../../src/state/capabilities.ts";
import { filesIn } from "../../../src/state/files/files-state.ts";
import { sections } from "../../../tools/index.ts";
import { expectPrivate } from "../../support/private-files.ts";
import { academyOf, domain, key, newProbe } from "./bench.ts";

let probe: ReturnType<typeof newProbe>;
afterEach(() => probe?.close());

const answer = (body: string, status = 200): Incoming => ({
  status,
  contentType: "",
  body: new TextEncoder().encode(body),
});
const parsed = ({ body }: Incoming): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
};

describe("skyprep-mcp probe", () => {
  it("finds that an ordinary academy is as assumed, in at most 60 calls, all of them reads", async () => {
    probe = newProbe(academyOf().send);

    expect(await probe.run()).toBe(0);

    const { seen, calls } = probe.json();
    const wrong = Object.entries(assumptions).filter(
      ([id, one]) => "probe" in one && one.probe === "reads" && seen[id] !== "holds",
    );
    expect(wrong.map(([id]) => [id, seen[id]])).toEqual([]);
    expect(calls).toBe(probe.sent.length);
    expect(calls).toBeLessThanOrEqual(60);
    expectPrivate(probe.file());
    expect(probe.lines.join("\n")).toContain("1 of at most 60: test_connection");
  });

  it("asks only routes that the records call reads, and one that is nowhere", () => {
    const reads = new Set(
      Object.values(sections).flatMap((section) =>
        Object.entries(section).flatMap(([route, { effect }]) => (effect === "read" ? [route] : [])),
      ),
    );

    expect([...readRoutes].filter((route) => !reads.has(route))).toEqual(["get_skyprep_mcp_probe"]);
  });

  it("tells nothing of what answers say: no value and no key of theirs is written or printed anywhere", async () => {
    let planted = 0;
    for (const whole of [true, false]) {
      const academy = academyOf();
      const canary = () => `zq${(planted++).toString(36)}xv`;
      const isPlain = (text: string) => /^\d{4}-|^(true|false|success)$|^[a-z]+(-[a-z]+)?$/.test(text);
      const plant = (value: unknown, name: string): unknown => {
        if (Array.isArray(value)) return value.map((one) => plant(one, name));
        if (typeof value === "object" && value !== null)
          return {
            ...Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plant(one, key)])),
            [canary()]: canary(),
            [`status_${canary()}`]: { [canary()]: [canary()] },
          };
        if (typeof value === "number")
          return whole || !/id$|_count$|^data$/.test(name) ? 77_123_000_000 + planted++ : value;
        if (typeof value !== "string") return value;
        return whole || !(isPlain(value) || /^(user_)?email$/.test(name)) ? `${canary()} ${value}` : value;
      };
      const send: Send = async (request, signal) => {
        const came = await academy.send(request, signal);
        const value = parsed(came);
        const isConnection = request.route === "test_connection";
        if (value === undefined)
          return { ...came, ...answer(`${canary()} ${new TextDecoder().decode(came.body)}`, came.status) };
        return answer(JSON.stringify(isConnection ? value : plant(value, "")), came.status);
      };
      probe?.close();
      probe = newProbe(send);

      expect(await probe.run()).toBe(0);

      const all = probe.everything();
      expect(probe.sent.length).toBeGreaterThan(25);
      expect(all).not.toMatch(/zq[0-9a-z]+xv|77123\d|77,123/);
      expect(all).toContain("unknown × ");
      for (const secret of [key, domain, "@", "example.skyprepapp"])
        expect(probe.text().replace("skyprep-mcp-probe", "")).not.toContain(secret);
    }
    expect(planted).toBeGreaterThan(10_000);
  });

  it("keeps what it saw for this account alone, sealed with its key", async () => {
    probe = newProbe(academyOf().send);
    await probe.run();
    const of = { account: digest(domain), secret: key };
    const path = join(probe.stateFolder, "capabilities", `${of.account}.json`);
    const text = readFileSync(path, "utf8");
    const read = () => readCapabilities(filesIn(probe.stateFolder), of);

    expect(await read()).toMatchObject({
      found: {
        when: "2026-11-23",
        seen: { "people-come-whole": "holds" },
        filters: { "get_users email": "filters" },
      },
    });
    expect(text).not.toContain(domain);
    expect(await readCapabilities(filesIn(probe.stateFolder), { ...of, secret: "another" })).toMatchObject({
      ignored: /edited|key/,
    });
    for (const [edited, why] of [
      [text.replace('"people-come-whole": "holds"', '"people-come-whole": "by-25"'), /edited/],
      [text.replace(of.account, "0123456789"), /another account/],
      [text.replace('"version": 1', '"version": 2'), /newer/],
      [text.slice(0, 200), /not whole/],
      ["", /not whole/],
      ["[]", /not whole/],
    ] as const) {
      writeFileSync(path, edited);
      const found = await read();
      expect(found && "ignored" in found && found.ignored).toMatch(why);
    }
    // A later version's file is no reason to refuse a change.
    const { newerFile } = await import("../../../src/state/files/safe-files.ts");
    writeFileSync(path, text.replace('"version": 1', '"version": 2'));
    expect(newerFile(probe.stateFolder)).toBeUndefined();
  });

  it.each([
    ["a sign-in page", answer("<!DOCTYPE html><html></html>"), /does not take this key/],
    ["a 401", answer("no", 401), /does not take this key/],
    ["an error on a good status", answer('{"error":"Invalid zqkey"}'), /does not take this key/],
    ["a 500", answer("zq oops", 500), /answered 500 to test_connection/],
  ])("says of %s that the account did not open, and writes no file", async (_, came, says) => {
    probe = newProbe(async () => came);

    expect(await probe.run()).toBe(1);

    expect(probe.lines.join("\n")).toMatch(says);
    expect(probe.everything()).not.toMatch(/zq/);
    expect(() => probe.text()).toThrow();
  });

  it("never writes over a file, and says so before the first call", async () => {
    probe = newProbe(academyOf().send);
    writeFileSync(probe.file(), "mine");
    writeFileSync(join(probe.folder, "other.md"), "mine too");

    expect(await probe.run()).toBe(2);
    expect(await probe.run(["--out", "other.md"])).toBe(2);

    expect(probe.sent).toEqual([]);
    expect(probe.text()).toBe("mine");
    expect(await probe.run(["--out", "third.md"])).toBe(0);
  });

  it("ends with Ctrl+C, without a file", async () => {
    const academy = academyOf();
    probe = newProbe(async (request, signal) => {
      if (request.route === "get_courses") probe.end();
      return academy.send(request, signal);
    });

    expect(await probe.run()).toBe(130);

    expect(probe.lines.at(-1)).toMatch(/Stopped. No file was written/);
    expect(() => probe.text()).toThrow();
  });

  it("counts tries too: an academy that turns every other call away costs no more than 60", async () => {
    const academy = academyOf();
    let turn = 0;
    probe = newProbe(async (request, signal) =>
      ++turn % 2 === 0 ? { ...answer("slow down", 429), retryAfter: 1 } : academy.send(request, signal),
    );

    expect(await probe.run()).toBe(0);

    expect(probe.sent).toHaveLength(60);
    expect(probe.json().seen).toMatchObject({
      "limit-is-429": "holds",
      "people-come-whole": "holds",
      "unknown-is-404": "holds",
    });
  });

  it("says which routes the key may not call, and looks at the others", async () => {
    const academy = academyOf();
    const shut = ["get_power_users", "get_payments", "get_users"];
    probe = newProbe(async (request, signal) =>
      shut.includes(request.route) ? answer("Forbidden", 403) : academy.send(request, signal),
    );

    expect(await probe.run()).toBe(0);

    const { seen, shut: told } = probe.json();
    expect([...told].sort()).toEqual([...shut].sort());
    expect(seen).toMatchObject({
      "key-opens-all": "some-403",
      "people-come-whole": "not seen",
      "progress-pages": "holds",
      "group-shows-its-members": "holds",
    });
  });

  it("reads the whole list of a big academy once, and once more where a filter is ignored", async () => {
    const academy = academyOf({ people: 20 });
    const people = Array.from({ length: 80_000 }, (_, n) => ({ id: 1_000 + n, email: `${n}@example.com` }));
    const all = answer(JSON.stringify(people));
    let whole = 0;
    probe = newProbe(async (request, stop) => {
      if (request.route !== "get_users") return academy.send(request, stop);
      whole += 1;
      return all;
    });

    expect(await probe.run()).toBe(0);

    expect(whole).toBe(2);
    expect(probe.json().seen).toMatchObject({ "people-come-whole": "holds" });
    expect(probe.json().shapes.find(({ route }) => route === "get_users")).toMatchObject({
      rows: "10,000–99,999",
    });
  });

  it("claims nothing of an academy of three that three people cannot show", async () => {
    const academy = academyOf({ people: 3 });
    probe = newProbe(academy.send);

    expect(await probe.run()).toBe(0);

    expect(probe.json().seen).toMatchObject({
      "progress-pages": "not seen",
      "archived-are-listed": "not seen",
    });
  });

  it("does nothing where a setting is wrong or a flag is strange, and repeats neither", async () => {
    probe = newProbe(academyOf().send, { env: { SKYPREP_ACCT_KEY: "" } });
    expect(await probe.run()).toBe(2);
    expect(await probe.run(["--zq-key-4711"])).toBe(2);
    expect(probe.lines.join("\n")).not.toContain("zq-key");
    expect(probe.sent).toEqual([]);
  });
});
