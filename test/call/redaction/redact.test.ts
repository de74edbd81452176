import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog, type Level } from "../../../src/call/log.ts";
import { createRedaction } from "../../../src/call/redaction/redact.ts";
import { answering, connect, liveAccount } from "../../support/academy.ts";

const { inData, inWords } = createRedaction({
  anywhere: ["K3y/with+signs="],
  words: ["academy.example.com", "4711"],
});

describe("what is hidden", () => {
  it("is a key wherever it stands, in every spelling, and cut short", () => {
    for (const text of ["xK3y/with+signs=x", "K3y%2Fwith%2Bsigns%3D", "a K3y/with+si…", "ends in K3y/wit"]) {
      expect(inWords(text)).toMatch(/•••/);
      expect(inData(text)).not.toMatch(/K3y/);
    }
  });

  it("is a domain or a PIN only as a word, never in links, logins or data", () => {
    expect(inWords("no account academy.example.com, PIN 4711")).toBe("no account •••, PIN •••");
    for (const text of [
      "https://academy.example.com/x",
      "avery@academy.example.com",
      "id 47112",
      "my.academy.example.com",
    ])
      expect(inWords(text)).toBe(text);
    expect(inData("Visit academy.example.com")).toBe("Visit academy.example.com");
  });

  const keys = [
    "sk-live_4711-aBcD-9f8e",
    "k&y<with>'quotes\"-12",
    "Schlüssel-12345",
    "0123456789abcdef0123456789abcdef",
  ];
  it.each(keys)("is the account's key in other clothes: %s", (key) => {
    const { inData, inWords } = createRedaction({ anywhere: [], keys: [key] });
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const html = [...key].map((one) => `&#${one.codePointAt(0)};`).join("");
    const disguised = [
      key,
      key.toUpperCase(),
      base64(key),
      ...["a", "ab", "abc"].map((before) => base64(`${before}${key}:secret`)),
      Buffer.from(`user:${key}`).toString("base64url"),
      [...key].reverse().join(""),
      [...key].join(" "),
      [...key].join("-"),
      key.replace(/[-_]/g, ""),
      Buffer.from(key).toString("hex"),
      encodeURIComponent(key),
      encodeURIComponent(encodeURIComponent(key)),
      html,
      html.replace(/&#(\d+);/g, (_, code) => `&#x${Number(code).toString(16)};`),
      ...["", "\n", " "].map((fold) => base64(key).replace(/.{10}/g, `$&${fold}`)),
      base64(key.replace(/[-_]/g, "")),
      base64([...key].reverse().join("")),
      Buffer.from(key).toString("hex").replace(/../g, "$& "),
      ...[",", ", ", " | ", '","', ":", "/", "\u200b", "\u2011"].map((joint) => [...key].join(joint)),
      ...["/", "%2D", "%252D", "&#45;", "&amp;#45;", "\u00ad", "\n"].map((joint) =>
        key.replace(/[-_]/g, joint),
      ),
      [...key].map((one) => (/\w/.test(one) ? `%${one.charCodeAt(0).toString(16)}` : one)).join(""),
      [...key].map((one) => (/\w/.test(one) ? `\\u00${one.charCodeAt(0).toString(16)}` : one)).join(""),
      key.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
      key.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    ];
    for (const text of disguised) {
      for (const hide of [inData, inWords]) {
        const left = hide(`it is ${text}, or so`);
        expect(left, text).toContain("•••");
        // What encodings share with their neighbours tells nothing.
        expect(left.length - "it is •••, or so".length, `${text} → ${left}`).toBeLessThan(16);
      }
    }
  });

  it("is what was cut short before an ellipsis, which stays", () => {
    expect(inWords("a K3y/with+si… and more … of it")).toBe("a •••… and more … of it");
    expect(inWords("a X3y/with+si… of another")).toBe("a X3y/with+si… of another");
    // In lower case, İ is two units: places move.
    expect(inWords("İİİ K3Y/WITH+si…")).toBe("İİİ •••…");
  });

  it("is no more than the key: what merely resembles it stays", () => {
    const { inData } = createRedaction({ anywhere: [], keys: ["sk-live_4711-aBcD-9f8e"] });

    for (const text of ["sk-live_4711-aBcD-0000", "Avery Learner, 4711, live", "c2stbGl2"]) {
      expect(inData(text)).toBe(text);
    }
  });

  it("never stays, whatever stands around it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ minLength: 4 }),
        fc.string(),
        (before, secret, after) => {
          const { inWords: hide } = createRedaction({ anywhere: [secret] });

          expect(hide(before + secret + after)).not.toBe(before + secret + after);
        },
      ),
    );
  });
});

describe("the log", () => {
  const logged = async (level: Level) => {
    const lines: string[] = [];
    const academy = await connect(
      answering('{"error":"password hunter2-hunter2 is too weak"}', { status: 422 }).send,
      { ...liveAccount, SKYPREP_LOG: level },
      { say: (line) => lines.push(line) },
    );
    await academy.call("create_user", {
      email: "casey@example.com",
      first_name: "Casey",
      last_name: "N",
      password: "hunter2-hunter2",
    });
    await academy.close();
    return lines;
  };

  it("says nothing at warn, a line a call at info, and what was said only at debug, without secrets", async () => {
    expect(await logged("warn")).toEqual([]);
    const [info = "", ...more] = await logged("info");
    const [debug = ""] = await logged("debug");

    expect(more).toEqual([]);
    expect(JSON.parse(info)).toEqual({
      tool: "create_user",
      ms: expect.any(Number),
      bytes: expect.any(Number),
      status: 422,
      outcome: "failed",
      tries: 1,
      waited_ms: 0,
    });
    expect(JSON.parse(debug)).toMatchObject({ arguments: { first_name: "Casey", password: "•••" } });
    expect(debug).toMatch(/too weak/);
    expect(debug).not.toMatch(/hunter2/);
  });

  it("is words on a terminal", () => {
    const lines: string[] = [];
    const log = createLog({
      level: "info",
      say: (line) => lines.push(line),
      terminal: true,
      hide: (text) => text,
    });

    log.call(
      { tool: "get_users", ms: 12, bytes: 4096, status: 200, outcome: "done", tries: 2, waited_ms: 3_000 },
      {},
      (t) => t,
    );

    expect(lines).toEqual(["get_users: done (12 ms, 4 KiB, status 200, 2 tries, waited 3 s)"]);
  });
});
