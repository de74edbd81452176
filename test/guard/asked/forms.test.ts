import { afterEach, describe, expect, it } from "vitest";
import { codeAllowed } from "../../../src/guard/policy/approval-policy.ts";
import { type Form, type FormResult, type Person, yes } from "../../support/person.ts";
import { type Case, cases, everySecond, inTurn } from "./cases.ts";
import { type Opened, openCounted } from "./world.ts";

const accept = (content: Record<string, string>): FormResult => ({ action: "accept", content });
const fails: Person = () => {
  throw new Error("this form broke");
};

/** Answers of a form that are no yes. */
const noYes: Readonly<Record<string, Person>> = {
  "a decline": () => ({ action: "decline" }),
  "a cancel": () => ({ action: "cancel" }),
  "another phrase": ({ phrase }) =>
    accept(phrase === undefined ? { answer: "no" } : { typed: `${phrase.slice(0, -1)}~` }),
  "an empty phrase": ({ phrase }) => accept(phrase === undefined ? { answer: "no" } : { typed: " " }),
};

/** Forms that come back as they should not. */
const broken: Readonly<Record<string, Person>> = {
  "an error": fails,
  "a yes without the phrase": ({ phrase }) => accept(phrase === undefined ? {} : { answer: "yes" }),
  "an answer that was not offered": ({ phrase }) =>
    accept(phrase === undefined ? { answer: "Yes, yes" } : { answer: phrase }),
};

const opened: Opened[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function openFor(one: Pick<Case, "kind">, mode: "legacy" | "auto") {
  const academy = await openCounted({ mode });
  opened.push(academy);
  await academy.prepare(one);
  return academy;
}

// One academy for all that sends nothing, and then for the yes: setting one up takes longer than a question.
// What the 2026 era asks is held over the wire by states.test.ts, too.
describe.each(["legacy", "auto"] as const)("asked by the client's own form, mode %s", (mode) => {
  it.each(mode === "legacy" ? cases : everySecond(cases))(
    "$title: silence sends nothing, nor a yes after the call was called off, nor what is no yes; a yes does, and that once",
    async (one) => {
      const { tool, kind, args } = one;
      const academy = await openFor({ kind }, mode);
      const { late, shown, form } = silent(academy);
      const called = new AbortController();
      const call = academy.client.callTool({ name: tool.name, arguments: args }, { signal: called.signal });
      await shown;
      called.abort();
      late(yes(form()));
      await expect(call).rejects.toThrow();
      const anew = academy.answered(() => ({ action: "decline" }));
      await academy.call(tool.name, args);

      expect(anew()).toBe(1);
      expect(academy.sent).toEqual([]);

      for (const [what, person] of inTurn(Object.entries(noYes), one, 2)) {
        const asked = academy.answered(person);
        const reply = await academy.call(tool.name, args).catch(() => undefined);

        expect(asked(), what).toBeGreaterThan(0);
        expect(reply?.outcome, what).not.toBe("done");
        expect(academy.sent, what).toEqual([]);
      }
      const asked = academy.answered(yes);
      await academy.call(tool.name, args);

      expect(asked()).toBe(1);
      expect(academy.sent).toEqual([tool.route]);

      const twice = academy.answered(() => ({ action: "decline" }));
      const again = await academy.call(tool.name, args);

      // Either somebody is asked anew, or nothing that deserves a question is left.
      if (twice() > 0) {
        expect(again.outcome).not.toBe("done");
        expect(academy.sent).toEqual([tool.route]);
      } else expect(again.text).toMatch(/There is no|Done|answered 422: User already has/);
    },
  );
});

/** Somebody who is asked, and does not answer until told to. */
function silent(academy: Opened) {
  let late = (_: FormResult) => {};
  let form: Form | undefined;
  const shown = new Promise<void>((resolve) => {
    academy.answered((one) => {
      form = one;
      resolve();
      return new Promise<FormResult>((answer) => {
        late = answer;
      });
    });
  });
  return {
    shown,
    late: (result: FormResult) => late(result),
    form: (): Form => {
      if (form === undefined) throw new Error("nobody was asked");
      return form;
    },
  };
}

describe("a form that fails is no answer", () => {
  it.each(cases)("$title: nothing is sent, and the next rung is tried", async (one) => {
    const { tool, kind, args } = one;
    for (const [what, person] of inTurn(Object.entries(broken), one)) {
      const academy = await openFor({ kind }, "legacy");
      academy.answered(person);

      const reply = await academy.call(tool.name, args);

      expect(reply.outcome, what).toBe(codeAllowed.includes(kind) ? "waiting" : "refused");
      expect(reply.text, what).toMatch(codeAllowed.includes(kind) ? /confirm: "/ : /nobody can be asked/);
      expect(academy.sent, what).toEqual([]);
    }
  });

  it("and where no rung is left, the next call asks by form again", async () => {
    const academy = await openFor({ kind: "irreversible" }, "legacy");
    academy.answered(fails);
    await academy.call("destroy_course", { course_id: 202 });
    const asked = academy.answered(yes);

    await academy.call("destroy_course", { course_id: 202 });

    expect(asked()).toBe(1);
    expect(academy.sent).toEqual(["destroy_course"]);
  });

  it.each(everySecond(cases))(
    "$title: in the 2026 era nothing is sent on it either, and the next rung is tried",
    async (one) => {
      const { tool, kind, args } = one;
      const academy = await openFor({ kind }, "auto");
      for (const [what, person] of inTurn(Object.entries(broken), one)) {
        const asked = academy.answered(person);

        const reply = await academy.call(tool.name, args).catch(() => undefined);

        expect(asked(), what).toBe(1);
        // Where the form breaks the client gives the call up itself.
        if (what === "an error") expect(reply).toBeUndefined();
        else expect(reply?.outcome, what).toBe(codeAllowed.includes(kind) ? "waiting" : "refused");
        expect(reply?.text ?? "", what).not.toMatch(/closed without an answer|said no/);
        expect(academy.sent, what).toEqual([]);
      }
    },
  );
});

it("asks about every operation that has a consequence, whatever its condition", () => {
  expect(new Set(cases.map(({ tool }) => tool.name)).size).toBeGreaterThanOrEqual(35);
  expect(new Set(cases.map(({ kind }) => kind)).size).toBe(5);
});
