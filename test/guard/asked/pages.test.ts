import { afterEach, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/guard/question/question.ts";
import { cases, elsewhere, everySecond, inTurn, withMore } from "./cases.ts";
import { approval, createFakePages } from "./fake-pages.ts";
import { type Opened, openCounted, tenMinutes } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function openWith(fake: ReturnType<typeof createFakePages>) {
  const academy = await openCounted({ forms: false, pages: fake.pages });
  opened.push(academy);
  return academy;
}

describe("a client without forms, asked on a page at an address", () => {
  // One academy for all that sends nothing, and then for the yes: setting one up takes longer than a question.
  it.each(cases)(
    "$title: repeated, it is the same question still, ten minutes later it is not; only a proper yes sends it, and that once",
    async (one) => {
      const fake = createFakePages();
      const academy = await openWith(fake);
      await academy.prepare(one);
      const call = () => academy.call(one.tool.name, one.args);

      const [before, repeated] = [await call(), await call()];
      const page = fake.last();
      await academy.clock.run(tenMinutes);
      page.say(approval(page.question));
      const late = await call();

      expect(repeated).toEqual(before);
      expect(before.structured?.asked).toMatchObject({ page: page.url });
      expect(fake.put).toHaveLength(2);
      expect(late.structured?.asked).toMatchObject({ page: fake.last().url });
      expect(page.closed).toBe(true);
      expect(academy.sent).toEqual([]);

      const { url } = fake.last();
      const first = await call();
      const wrong: Answer[] = [{ said: "no" }, { said: "cancelled" }, { said: "failed" }];
      if (fake.last().question.phrase) wrong.push({ said: "yes" }, { said: "yes", typed: "delete" });

      for (const answer of inTurn(wrong, one, 2)) {
        await call();
        fake.last().say(answer);
        const reply = await call();

        expect(reply.outcome, answer.said).not.toBe("done");
        expect(academy.sent, answer.said).toEqual([]);
      }
      expect(first.text).toContain(`approve: ${url}`);
      await call();
      fake.last().say(approval(fake.last().question));
      await call();

      expect(academy.sent).toEqual([one.tool.route]);
      const pages = fake.put.length;
      await call();
      // Asked anew, if what is left of it deserves a question at all.
      if (fake.put.length > pages) expect(academy.sent).toEqual([one.tool.route]);
    },
  );

  it.each(everySecond(cases))("$title: a yes to it is none to anything else", async (one) => {
    const fake = createFakePages();
    const academy = await openWith(fake);
    await academy.prepare(one);
    await academy.call(one.tool.name, one.args);
    fake.last().say(approval(fake.last().question));

    for (const args of [elsewhere(one), withMore(one)]) {
      if (args) await academy.call(one.tool.name, args);
      expect(academy.sent).toEqual([]);
    }
  });
});

describe("a client without forms, asked in the person's browser", () => {
  it.each(everySecond(cases))(
    "$title: goes on when the page is approved, now or with the same call repeated",
    async (one) => {
      for (const inTime of [true, false]) {
        const fake = createFakePages({ opened: true });
        const academy = await openWith(fake);
        await academy.prepare(one);
        const waited = academy.clock.waitedFor(40_000);
        const call = academy.call(one.tool.name, one.args);
        await waited;
        const page = fake.last();

        if (!inTime) {
          await academy.clock.run(40_000);
          const reply = await call;
          expect(reply.text).toContain("open in the person's browser");
          expect(JSON.stringify(reply)).not.toContain(page.url);
          expect(academy.sent).toEqual([]);
        }
        page.say(approval(page.question));
        if (inTime) await call;
        else await academy.call(one.tool.name, one.args);

        expect(academy.sent).toEqual([one.tool.route]);
      }
    },
  );

  it("leaves the page of another call open", async () => {
    const fake = createFakePages();
    const academy = await openWith(fake);
    const remove = (course_id: number) => academy.call("destroy_course", { course_id });

    await remove(202);
    await remove(203);
    const [first] = fake.put;
    if (first === undefined) throw new Error("no page was put");
    first.say(approval(first.question));
    await remove(202);

    expect(fake.put).toHaveLength(2);
    expect(academy.sent).toEqual(["destroy_course"]);
  });

  it("puts one page for a question, though the same call comes twice before it shows", async () => {
    const fake = createFakePages({ opened: true });
    let show = () => {};
    const slow = new Promise<void>((resolve) => {
      show = resolve;
    });
    const academy = await openCounted({
      forms: false,
      pages: {
        put: async (question, asked) => {
          await slow;
          return fake.pages.put(question, asked);
        },
      },
    });
    opened.push(academy);
    const [first, second] = ["one", "two"].map(() => academy.call("destroy_course", { course_id: 202 }));
    // Another call that is answered at once tells that both have come as far as they can.
    for (let turn = 0; turn < 20; turn++) await academy.call("get_course", { course_id: 201 });
    const waited = academy.clock.waitedFor(40_000);
    show();
    await waited;

    const pages = fake.put.length;
    fake.last().say(approval(fake.last().question));
    await Promise.race([first, second]);

    expect(pages).toBe(1);
    expect(academy.sent).toEqual(["destroy_course"]);
  });
});
