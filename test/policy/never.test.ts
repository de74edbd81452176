import { expect, it } from "vitest";
import { exampleOf } from "../../src/catalogue/catalogue.ts";
import { isNever } from "../../src/policy/never.ts";
import { readPolicyAt } from "../../src/policy/read-policy.ts";
import { tools } from "../support/catalogue.ts";
import { openPoliced } from "./policed.ts";

it.each([{ people: { in_groups: [301] } }, { courses: [201] }, { groups: [301] }, { paths: [402] }])(
  "what `policy check` calls refused whatever it is called with is refused: %j",
  async (rules) => {
    const academy = await openPoliced(rules);
    const policy = readPolicyAt(academy.file);
    if ("wrong" in policy) throw new Error(policy.wrong.join("\n"));
    const listed = [...tools.values()].filter(({ name }) => isNever(policy, name));
    for (const tool of listed) {
      const before = academy.sent.filter(({ route }) => route === tool.route).length;
      const reply = await academy.call(tool.name, exampleOf(tool));
      expect([tool.name, reply.isError], reply.text).toEqual([tool.name, true]);
      expect(reply.text, tool.name).toMatch(/policy “desk”/);
      expect(academy.sent.filter(({ route }) => route === tool.route).length, tool.name).toBe(before);
    }
    expect(listed.length).toBeGreaterThan(5);
    await academy.close();
  },
);
