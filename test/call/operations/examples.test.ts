import { describe, expect, inject, it } from "vitest";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import { openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";

const strict = inject("strict");

describe("every operation answers its own example before the sandbox", () => {
  it.each([...tools.values()].map((tool) => [tool.name, tool] as const))("%s", async (name, tool) => {
    const academy = await openAcademy({ strict });

    const reply = await academy.call(name, exampleOf(tool));

    expect(reply.isError, reply.text).toBe(false);
    expect(reply.text).toMatch(/^\[sandbox\] /);
    expect(reply.structured).toBeDefined();
    expect(reply.structured).not.toHaveProperty("answer_unreadable");
    await academy.close();
  });
});
