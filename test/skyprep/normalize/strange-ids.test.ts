import { describe, expect, it } from "vitest";
import { agreeing } from "../../support/person.ts";
import { academyBehind, numbered } from "./between.ts";
import { layer } from "./support.ts";

const padded = (id: number) => String(id).padStart(8, "0");
const figures = (text: string) => text.match(/\d+ records of \d+ people|overdue: \d+ \(\d+ people\)/g);

async function told(write: (id: number) => unknown) {
  const { call, close } = await academyBehind({ answered: numbered(write), people: 40 });
  const people = await call("get_users", { limit: 3 });
  const status = await call("training_status", {});
  const own = await call("get_course_progresses", { user_id: 101 });
  await close();
  return { total: people.structured?.total, figures: figures(status.text), own: own.text.split("\n")[0] };
}
const usual = await told((id) => id);

describe("a number that is written as a text", () => {
  it.each([
    ["with zeros before it", padded],
    ["with zeros before it, and a point", (id: number) => `${padded(id)}.0`],
    ["as decimals are written", (id: number) => `0.${String(id).replace(/0+$/, "")}e${String(id).length}`],
    ["with a power, all digits told", (id: number) => id.toExponential(String(id).length - 1)],
  ])("%s is that number", async (_, write) => {
    expect(usual.total).toBe(40);
    expect(usual.figures).toHaveLength(2);
    expect(await told(write)).toEqual(usual);
  });

  it("is one number with the same as a number, in one academy", async () => {
    const { call, close } = await academyBehind({
      answered: (value, { route }) => (route === "get_users" ? numbered(padded)(value) : value),
      people: 40,
    });
    const { text } = await call("training_status", {});
    await close();

    expect(figures(text)).toEqual(usual.figures);
  });

  it.each([
    ["a power whose last digits may be rounded", [{ id: "1.96e+03", display_name: "Avery" }]],
    [
      "zeros before one of two that are the same without them",
      [
        { id: "101", display_name: "Avery" },
        { id: "0101", display_name: "Jordan" },
      ],
    ],
    [
      "zeros before one, and the other a number",
      [
        { id: 101, display_name: "Avery" },
        { id: "0101", display_name: "Jordan" },
      ],
    ],
  ])("%s: nobody is taken for another", async (_, rows) => {
    await expect(layer(rows).read("get_users")).rejects.toThrow(/ids/);
  });
});

describe("an academy that knows its numbers only as it writes them", () => {
  const ids = /(^|_)ids?(\[\])?$/;
  const onlyPadded = {
    answered: numbered(padded),
    asked: (form: URLSearchParams) => {
      const read = new URLSearchParams();
      for (const [name, value] of form) {
        if (!ids.test(name)) read.append(name, value);
        else if (value.split(",").some((one) => !/^\d{8}$/.test(one))) return undefined;
        else read.append(name, value.replace(/(^|,)0+/g, "$1"));
      }
      return read;
    },
    people: 40,
  };

  it("is asked so again, and from then on", async () => {
    const { call, close, sent } = await academyBehind(onlyPadded);
    await call("get_users", { limit: 3 });

    const one = await call("get_user", { user_id: 101 });
    const before = sent("get_user").length;
    const another = await call("get_user", { user_id: 102 });
    const own = await call("get_course_progresses", { user_id: 101 });
    await close();

    expect(one.text).toMatch(/101/);
    expect(one.isError).toBe(false);
    expect(another.isError).toBe(false);
    expect(sent("get_user").slice(before).map(String)).toEqual(["user_id=00000102"]);
    expect(own.text.split("\n")[0]).toBe(usual.own);
  });

  it("is written to so, once a read has shown it", async () => {
    const { call, close, sent } = await academyBehind(onlyPadded, { person: agreeing });
    await call("get_users", { limit: 3 });

    const reply = await call("enroll_user_in_course", { user_id: 101, course_id: 210 });
    await close();

    expect(reply.text).toMatch(/Done[\s\S]*verified: yes/);
    expect(sent("enroll_user_in_course").map(String)).toEqual([
      expect.stringMatching(/user_id=00000101|course_id=00000210/),
    ]);
  });
});

it("an academy that knows them as numbers is never asked otherwise", async () => {
  const { call, close, sent } = await academyBehind({ answered: numbered(padded), people: 40 });
  await call("get_users", { limit: 3 });
  await call("get_user", { user_id: 101 });
  await call("get_user", { user_id: 999_999 });
  await call("get_user", { user_id: 102 });
  await close();

  const asked = sent("get_user").map(String);
  expect(asked[0]).toBe("user_id=101");
  expect(asked.at(-1)).toBe("user_id=102");
});
