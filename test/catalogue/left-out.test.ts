import { describe, expect, it } from "vitest";
import { prebuiltTools } from "../../src/app/prebuilt-tools.ts";
import { openAcademy } from "../support/academy.ts";

describe("a tool that settings leave out", () => {
  it("is refused with the setting that leaves it out, every one", async () => {
    const academy = await openAcademy({ env: { SKYPREP_SECTIONS: "skills" } });
    for (const { name, section } of prebuiltTools) {
      if (section === "skills") continue;

      const { text, isError } = await academy.call(name, {});

      expect(isError).toBe(true);
      expect(text).toMatch(new RegExp(`${name} belongs to the section ${section}, which SKYPREP_SECTIONS`));
    }
    await academy.close();
  });

  it.each(["userz", " , "])("where SKYPREP_SECTIONS is %j, every call says so", async (value) => {
    const academy = await openAcademy({ env: { SKYPREP_SECTIONS: value } });
    const { tools } = await academy.client.listTools();

    expect(tools.length).toBeGreaterThan(90);
    for (const { name } of tools) {
      const { text, isError } = await academy.call(name, {});
      expect(isError).toBe(true);
      expect(text).toMatch(/not set up yet; nothing was sent[\s\S]*SKYPREP_SECTIONS/);
    }
    await academy.close();
  });
});
