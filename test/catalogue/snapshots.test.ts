import { expect, it } from "vitest";
import { section as jobsSection } from "../../src/jobs/job-tools.ts";
import { openAcademy } from "../support/academy.ts";

it("clients see these tools, section by section, the same in both eras and on every connection", async () => {
  const [legacy, modern] = [await openAcademy(), await openAcademy({ mode: "auto" })];
  const { tools } = await legacy.client.listTools();
  const sectionOf = (name: string) => legacy.catalogue.tools.get(name)?.section ?? jobsSection;

  for (const section of new Set(tools.map(({ name }) => sectionOf(name)))) {
    const listed = tools.filter(({ name }) => sectionOf(name) === section);
    await expect(`${JSON.stringify(listed, null, 1)}\n`).toMatchFileSnapshot(`__snapshots__/${section}.json`);
  }
  expect((await modern.client.listTools()).tools).toEqual(tools);
  await legacy.close();
  await modern.close();
});
