import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { addressIn, askingHere, fourEyes, group, remove, textIn, write } from "./approvals.ts";
import { answerAt, browse } from "./signing-in.ts";

describe("a page that asks, and who may not answer there", () => {
  it("who is not signed in is sent to do so, and learns nothing of what there is", async () => {
    const one = await askingHere();
    const path = addressIn(await one.call(...remove));

    const known = await browse(one.base(), path);
    const unknown = await browse(one.base(), "/approvals/AAAAAAAAAAAAAAAA");
    const said = await browse(one.base(), path, { form: { token: "", answer: "approve" } });

    expect([known.status, unknown.status, said.status]).toEqual([302, 302, 403]);
    expect(known.headers.location).toBe(`https://id.example/?to=${path}`);
    expect([known.html, unknown.html]).toEqual(["", ""]);
  });

  it("a form is not counted without the token, with another's, from another site, or as something else", async () => {
    const one = await askingHere();
    const path = addressIn(await one.call(...group));
    const forged: [Record<string, string>, Record<string, string | undefined>][] = [
      [{ token: "" }, {}],
      [{ token: "csrf of rob" }, {}],
      [{}, { origin: "https://evil.example" }],
      [{}, { origin: "null" }],
      [{}, { "sec-fetch-site": "cross-site" }],
      [{}, { "sec-fetch-site": "same-site" }],
      [{}, { origin: undefined }],
      [{}, { "content-type": "text/plain" }],
      [{ answer: "yes" }, {}],
      [{ reason: "x".repeat(9_000) }, {}],
    ];

    const said = [];
    for (const [fields, headers] of forged)
      said.push(await answerAt(one.base(), path, "mia", { answer: "approve", ...fields }, headers));
    const after = await one.call(...group);

    expect(said.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403, 415, 400, 413]);
    expect(addressIn(after)).toBe(path);
    expect(one.sent(group[0])).toBe(0);
  });

  it("who hangs up within a form is no trouble that the operator is told of", async () => {
    const one = await askingHere();
    const path = addressIn(await one.call(...group));
    const { host, port } = new URL(one.base());
    const head = [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      "Cookie: who=mia",
      `Origin: http://${host}`,
      "Content-Type: application/x-www-form-urlencoded",
      "Content-Length: 100",
    ];
    const inbox = async () => (await browse(one.base(), "/approvals", { who: "mia" })).status;

    // As many as are read at a time for one person, so that it shows when the last has ended.
    const hanging = Array.from({ length: 4 }, () => connect(Number(port), "127.0.0.1"));
    for (const socket of hanging) socket.write(`${head.join("\r\n")}\r\n\r\ntoken=`);
    await expect.poll(inbox).toBe(429);
    for (const socket of hanging) socket.destroy();
    await expect.poll(inbox).toBe(200);

    expect(one.all.flatMap(({ said }) => said)).toEqual([]);
  });

  it("under four eyes the asker approves nothing, however they write their name, nor does who lacks the scope", async () => {
    const one = await askingHere({
      academies: fourEyes,
      people: {
        mia: [{ academy: "acme", scopes: write }],
        MIA: [{ academy: "acme", scopes: write }],
        tom: [{ academy: "acme", scopes: ["write"] }],
        eve: [{ academy: "other", scopes: write }],
      },
    });
    const path = addressIn(await one.call(...group));

    const said = await Promise.all(
      ["mia", "MIA", "tom", "eve"].map((who) => answerAt(one.base(), path, who, { answer: "approve" })),
    );
    const after = await one.call(...group);

    expect(said.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(addressIn(after)).toBe(path);
    expect(one.sent(group[0])).toBe(0);
  });

  it("under four eyes the asker's own form counts for nothing", async () => {
    const one = await askingHere({ academies: fourEyes });

    const asked = await one.call(...group, { capabilities: { elicitation: { form: {}, url: {} } } });

    expect(asked.result?.inputRequests).toBeUndefined();
    expect(textIn(asked)).toMatch(/Somebody else has to agree/);
  });

  it("a grant taken away between question and answer: the approver finds nothing", async () => {
    const one = await askingHere({ academies: fourEyes });
    const path = addressIn(await one.call(...group));
    one.granted.set("rob", [{ academy: "acme", scopes: ["write"] }]);

    const said = await answerAt(one.base(), path, "rob", { answer: "approve" });
    await one.call(...group);

    expect(said.status).toBe(404);
    expect(one.sent(group[0])).toBe(0);
  });

  it("shows nobody the inbox of another, and each what waits for them", async () => {
    const one = await askingHere();
    await one.call(...group);
    await one.call(...remove, { who: "rob" });

    const [mia, rob, none] = await Promise.all(
      ["mia", "rob", "eve"].map((who) => browse(one.base(1), "/approvals", { who })),
    );

    expect(mia?.html).toContain("1 question waits for you.");
    expect(mia?.html).not.toMatch(/Delete/);
    expect(rob?.html).toMatch(/Delete/);
    expect(none?.html).toContain("Nothing waits for you.");
  });
});
