import { expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";

it("a plan's name is taken as people and our own replies write it", async () => {
  for (const written of [
    (name: string) => `“${name}”.`,
    (name: string) => `Plan ${name}: 1 enrollment`,
    (name: string) => `plan: ${name.toUpperCase()},`,
    (name: string) => `"${name}".`,
    (name: string) => name.replace("-", "\u2011"),
    (name: string) => name.replace("-", " "),
  ]) {
    const academy = await openAcademy({ people: 30, env: { SKYPREP_STRUCTURED: "true" } });
    const { structured } = await academy.call("plan_enrollment", { people: ["101"], courses: ["207"] });
    const plan = written(String(structured?.plan));
    const { isError, text } = await academy.call("apply_plan", { plan });
    expect(isError, `${plan}: ${text}`).toBe(false);
    await academy.close();
  }
});
