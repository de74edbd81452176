import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { answerNow, asker, call, deletion, newPages, removal, submit, tenMinutes, tokenOf } from "./pages.ts";

let pages: ReturnType<typeof newPages>;
afterEach(() => pages.close());

const approve = (url: string, fields: Record<string, string> = {}) =>
  submit(url, { answer: "approve", ...fields });
const refuse = (url: string) => submit(url, { answer: "refuse" });
const textOf = async (url: string) => (await call(url)).body;
const gone = (url: string) =>
  call(url).then(
    ({ status }) => status === 404,
    () => true,
  );

describe("an answer on the page", () => {
  it("is a yes to a yes-or-no question", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);

    await approve(page.url);

    expect(await page.answer).toEqual({ said: "yes" });
    expect(await textOf(page.url)).toContain("Approved.");
    expect(await textOf(page.url)).toContain("You can close this window and go back to your assistant");
  });

  it("counts where no window was opened with it, for a question that is only to stand at its address", async () => {
    pages = newPages();
    const page = await pages.put(removal, { ...asker, quietly: true });

    await approve(page.url);

    expect(page.opened).toBe(false);
    expect(pages.opened).toEqual([]);
    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("carries what was typed where a phrase is asked for", async () => {
    pages = newPages();
    const page = await pages.put(deletion, asker);

    await approve(page.url, { phrase: " Delete 202 " });

    expect(await page.answer).toEqual({ said: "yes", typed: " Delete 202 " });
  });

  it("is a no, without phrase or PIN", async () => {
    pages = newPages({ pin: "2580" });
    const page = await pages.put(deletion, asker);

    await refuse(page.url);

    expect(await page.answer).toEqual({ said: "no" });
    expect(await textOf(page.url)).toContain("Refused.");
  });

  it("counts once: what comes after it changes nothing", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);
    const token = tokenOf(await textOf(page.url));

    await Promise.all(
      ["refuse", "approve", "approve"].map((answer) => submit(page.url, { answer }, { token })),
    );
    page.close();
    pages.clock.pass(tenMinutes - 1);

    expect(await page.answer).toEqual({ said: "no" });
  });

  it("stays on the page when the question is closed or its time ends after it", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);
    pages.clock.pass(tenMinutes - 1000);
    await approve(page.url);

    page.close();
    pages.clock.pass(2000);

    expect(await textOf(page.url)).toContain("Approved.");
    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("is for its own question alone", async () => {
    pages = newPages();
    const [one, other] = [await pages.put(removal, asker), await pages.put(removal, asker)];

    await approve(one.url);

    expect(await one.answer).toEqual({ said: "yes" });
    expect(await answerNow(other)).toBe("open");
  });

  it("says so for a wrong phrase and stays open; the third closes it as a no", async () => {
    pages = newPages();
    const page = await pages.put(deletion, asker);

    await approve(page.url, { phrase: "delete 203" });
    expect(await textOf(page.url)).toMatch(
      /role="alert"[^>]*>That is not what you were asked to type\..*2 tries are left\./,
    );
    await approve(page.url);
    expect(await textOf(page.url)).toContain("One try is left.");
    expect(await answerNow(page)).toBe("open");
    await approve(page.url, { phrase: "delete" });

    expect(await page.answer).toEqual({ said: "no" });
    expect(await textOf(page.url)).toContain("Closed after three wrong entries.");
    await approve(page.url, { phrase: "delete 202" }).catch(() => {});
    expect(await page.answer).toEqual({ said: "no" });
  });

  it("takes the right phrase after a wrong one", async () => {
    pages = newPages();
    const page = await pages.put(deletion, asker);

    await approve(page.url, { phrase: "delete 203" });
    await approve(page.url, { phrase: "delete 202" });

    expect(await page.answer).toEqual({ said: "yes", typed: "delete 202" });
  });

  it("wants the PIN, where one is set; the fifth wrong one closes the page for good", async () => {
    pages = newPages({ pin: "korrekt-pferd" });
    const page = await pages.put(removal, asker);

    for (const pin of ["", "korrekt", "Korrekt-pferd", "korrekt-pferd "]) await approve(page.url, { pin });
    expect(await textOf(page.url)).toContain("That is not the PIN. Nothing has been sent. One try is left.");
    expect(await answerNow(page)).toBe("open");
    await approve(page.url, { pin: "x" });

    expect(await page.answer).toEqual({ said: "no" });
    expect(await textOf(page.url)).toContain("Closed after five wrong PINs.");
  });

  it("takes the right PIN, and shows it nowhere", async () => {
    pages = newPages({ pin: "2580" });
    const page = await pages.put(removal, asker);

    await approve(page.url, { pin: "1" });
    expect(await textOf(page.url)).not.toContain("2580");
    await approve(page.url, { pin: "2580" });

    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("says nothing of the phrase to whoever does not know the PIN", async () => {
    pages = newPages({ pin: "2580" });
    const page = await pages.put(deletion, asker);

    await approve(page.url, { phrase: "wrong", pin: "wrong" });
    expect(await textOf(page.url)).toContain("That is not the PIN. Nothing has been sent. 4 tries are left.");
    await approve(page.url, { phrase: "wrong", pin: "2580" });
    expect(await textOf(page.url)).toContain("2 tries are left.");
    await approve(page.url, { phrase: "delete 202", pin: "2580" });

    expect(await page.answer).toEqual({ said: "yes", typed: "delete 202" });
  });
});

describe("a question's time", () => {
  it("is told on the academy's clock, where that is known", async () => {
    pages = newPages();
    const page = await pages.put({ ...removal, zone: "America/New_York" }, asker);

    expect(await textOf(page.url)).toMatch(
      /Answer within 10 minutes: by <time [^>]*>09:20 \(America\/New York time\)<\/time>/,
    );
  });

  it("is said, and reloads the page when it is over", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);

    expect(await textOf(page.url)).toMatch(/Answer within 10 minutes: by <time [^>]*>14:20 UTC<\/time>/);
    pages.clock.pass(9 * 60_000 + 1000);
    const late = await call(page.url);

    expect(late.body).toContain("Answer within 1 minute: by ");
    expect(late.headers.refresh).toBe("60");
  });

  it("ends as cancelled, and the page says that it has expired", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);

    pages.clock.pass(tenMinutes);

    expect(await page.answer).toEqual({ said: "cancelled" });
    expect(await textOf(page.url)).toContain("This question has expired.");
    expect((await call(page.url)).headers.refresh).toBeUndefined();
  });

  it("ends on the clock too, when timers stood still in a sleeping computer", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);
    const token = tokenOf(await textOf(page.url));

    pages.clock.pass(tenMinutes, { asleep: true });
    await submit(page.url, { answer: "approve" }, { token });

    expect(await page.answer).toEqual({ said: "cancelled" });
  });

  it("takes an answer in its last millisecond", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);

    pages.clock.pass(tenMinutes - 1);
    await approve(page.url);

    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("ends as cancelled when whoever asked takes the question back", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);

    page.close();

    expect(await page.answer).toEqual({ said: "cancelled" });
    expect(await textOf(page.url)).toContain("This question is closed.");
  });

  it("leaves the answer on the page for two minutes, then nothing", async () => {
    pages = newPages();
    const [page, other] = [await pages.put(removal, asker), await pages.put(removal, asker)];
    await approve(page.url);

    pages.clock.pass(119_000);
    expect(await textOf(page.url)).toContain("Approved.");
    pages.clock.pass(1000);

    const reply = await call(page.url);
    expect([reply.status, reply.body]).toEqual([404, ""]);
    expect((await call(other.url)).status).toBe(200);
  });
});

describe("the page's server", () => {
  it("is there only while a question is, and comes again with the next", async () => {
    pages = newPages();
    const page = await pages.put(removal, asker);
    await refuse(page.url);

    pages.clock.pass(120_000);

    await expect(call(page.url)).rejects.toThrow("ECONNREFUSED");
    const next = await pages.put(removal, asker);
    await approve(next.url);
    expect(await next.answer).toEqual({ said: "yes" });
    expect(await gone(next.url)).toBe(false);
  });

  it("is one for all questions that are open together", async () => {
    pages = newPages();

    const open = await Promise.all([1, 2, 3].map(() => pages.put(removal, asker)));

    expect(new Set(open.map(({ url }) => new URL(url).port)).size).toBe(1);
  });

  it("ends every open question as cancelled when it is closed", async () => {
    pages = newPages();
    const open = await Promise.all([pages.put(removal, asker), pages.put(deletion, asker)]);

    await pages.close();

    expect(await Promise.all(open.map(({ answer }) => answer))).toEqual([
      { said: "cancelled" },
      { said: "cancelled" },
    ]);
    for (const { url } of open) await expect(call(url)).rejects.toThrow("ECONNREFUSED");
  });

  it("opens no browser on a question that was closed while the server started", async () => {
    pages = newPages();
    const putting = pages.put(removal, asker);

    const closing = pages.close();
    const page = await putting;
    await closing;

    expect([page.opened, pages.opened, await page.answer]).toEqual([false, [], { said: "cancelled" }]);
  });

  it.each([
    ["says that it opened none", async () => false],
    ["fails", () => Promise.reject(new Error("no browser"))],
  ])("asks on even when the opener %s", async (_what, open) => {
    pages = newPages({ open });
    const page = await pages.put(removal, asker);

    expect(page.opened).toBe(false);
    await approve(page.url);
    expect(await page.answer).toEqual({ said: "yes" });
  });

  it("never keeps the process alive, not even with a connection open", async () => {
    pages = newPages();
    const child = spawn(
      process.execPath,
      ["--import", "tsx", fileURLToPath(new URL("alone.ts", import.meta.url))],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const url = chunk.toString("utf8").trim();
    const ended = once(child, "exit");

    const held = connect(Number(new URL(url).port), "127.0.0.1", () => held.write("GET / HTTP/1.1\r\n"));
    held.on("error", () => {});
    await once(held, "connect");
    const answered = await call(url);
    child.stdin.end();

    expect(answered.status).toBe(200);
    expect(await ended).toEqual([0, null]);
    held.destroy();
  });
});

describe("what the page shows", () => {
  it("says what is asked, by whom, and with what", async () => {
    pages = newPages();
    const { url } = await pages.put(deletion, asker);

    const body = await textOf(url);

    expect(body).toContain("<h1>Delete the course “<bdi>Workplace Safety Basics</bdi>” (202)?</h1>");
    for (const fact of deletion.facts.slice(1))
      expect(body).toContain(`<li>${fact.replace("'", "&#39;")}</li>`);
    expect(body).toContain("Name: “<bdi>Workplace Safety Basics</bdi>”.");
    expect(body).toContain("<bdi>Claude Desktop</bdi> (as it calls itself)");
    expect(body).toContain('<th scope="row">course_<wbr>id</th><td><bdi>202</bdi></td>');
  });

  it("cuts arguments at 200 characters, counts lists, and shows secrets as dots at any depth", async () => {
    pages = newPages();
    const secrets = {
      password: "hunter2",
      ssn: "123-45-6789",
      extra: { new_password: "hunter3", note: "a" },
    };
    const { url } = await pages.put(removal, {
      client: "",
      arguments: {
        ...secrets,
        note: `${"x".repeat(200)}HIDDEN`,
        user_ids: Array.from({ length: 300 }, (_, each) => each),
        left_out: undefined,
      },
    });

    const body = await textOf(url);

    expect(body).not.toMatch(/hunter|6789|HIDDEN|left_out/);
    expect(body).toContain(`${"x".repeat(200)}… (206 characters in all)`);
    expect(body).toContain("(300 items)");
    expect(body).toContain(
      "{&quot;new_password&quot;:&quot;•••••••• (hidden)&quot;,&quot;note&quot;:&quot;a&quot;}",
    );
    expect(body).toContain("an assistant that gives no name");
  });

  it("drops what cannot be seen and marks that turn text round", async () => {
    pages = newPages();
    const { url } = await pages.put(
      {
        ...removal,
        facts: ["Remove \u202Eevil\u2066 \u200Bnow?\u0007\n\u2028"],
        stored: ["a\u0301\u0301\u0301\u0301\u0301b"],
      },
      { client: "Cl\u0000aude\u{E0041}", arguments: { "a\u202Eb": "c\u202Ed" } },
    );

    const body = await textOf(url);

    expect(body.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u{E0041}]/u);
    expect(body).toContain("<h1>Remove evil now?</h1>");
    expect(body).toContain("<li>á\u0301\u0301b</li>".normalize("NFD"));
  });

  it("does not take a long first fact for a heading", async () => {
    pages = newPages();
    const { url } = await pages.put({ ...removal, facts: ["fact ".repeat(150)] }, asker);

    expect(await textOf(url)).toContain("<h1>May your assistant do this?</h1>");
  });
});
