import { readFileSync } from "node:fs";
import { SKILLS_EXTENSION_ID, SkillsClient } from "@modelcontextprotocol/client/ext/skills";
import { afterEach, describe, expect, it } from "vitest";
import { prompts } from "../../src/mcp/prompts/list.ts";
import { skillsExtension } from "../../src/mcp/skills.ts";
import { endAll, start } from "../program/child.ts";
import { openAcademy } from "../support/academy.ts";

afterEach(endAll);

describe("the prompts as skills", () => {
  it.each(["legacy", "auto"] as const)(
    "are listed, got and read, and the SDK's own client finds each whole: %s",
    async (mode) => {
      const academy = await openAcademy({ mode });
      const skills = new SkillsClient(academy.client);

      const { skills: listed } = await skills.list();

      expect(skills.supported).toBe(true);
      expect(listed.map(({ frontmatter }) => frontmatter.name)).toEqual(
        Object.keys(prompts).map((name) => name.replaceAll("_", "-")),
      );
      for (const one of listed) {
        const read = await skills.read(one);
        const record = Object.entries(prompts).find(
          ([name]) => name.replaceAll("_", "-") === one.frontmatter.name,
        )?.[1];
        expect((await skills.get(one.uri)).skill).toEqual(one);
        expect(one.frontmatter.description).toBe(record?.description);
        expect(read.body).toContain(record?.goal);
        expect(read.body).toMatch(/First look, changing nothing/);
        for (const { says } of Object.values(record?.arguments ?? {})) expect(read.body).toContain(says);
      }
      await expect(skills.get("skill://no-such/SKILL.md")).rejects.toThrow(/no such skill.*onboard-hire/);
      await expect(academy.client.readResource({ uri: "skill://no-such/SKILL.md" })).rejects.toThrow();
      await academy.close();
    },
  );

  it("are those that the settings can carry out", async () => {
    const academy = await openAcademy({ env: { SKYPREP_READ_ONLY: "true" } });
    const { skills } = await new SkillsClient(academy.client).list();
    const { prompts: offered } = await academy.client.listPrompts();

    expect(skills.map(({ frontmatter }) => frontmatter.name)).toEqual(
      offered.map(({ name }) => name.replaceAll("_", "-")),
    );
    expect(skills.length).toBeLessThan(Object.keys(prompts).length);
    await academy.close();
  });

  it("are called what the SDK calls them", () => {
    expect(skillsExtension).toBe(SKILLS_EXTENSION_ID);
  });
});

describe("what a server says of itself", () => {
  const hello = async (protocolVersion: string) => {
    const { ask, child } = start(["--sandbox"]);
    const clientInfo = { name: "raw", version: "1" };
    const { result } = await ask(1, "initialize", { protocolVersion, capabilities: {}, clientInfo });
    child.stdin.end();
    return result as {
      protocolVersion: string;
      serverInfo: { icons?: { src: string }[] };
      capabilities: { extensions?: object };
    };
  };

  it("has the drawing of our icon, small, in itself", async () => {
    const { serverInfo, capabilities } = await hello("2025-11-25");

    const [icon] = serverInfo.icons ?? [];
    const drawn = Buffer.from(icon?.src.split(",")[1] ?? "", "base64").toString();
    const kept = readFileSync(new URL("../../assets/icon.svg", import.meta.url), "utf8");
    expect(drawn).toBe(kept.replace(/>\s+</g, "><").trim());
    expect(icon?.src.length).toBeLessThan(1_000);
    expect(capabilities.extensions).toEqual({ [skillsExtension]: {} });
  });

  it.each(["2024-11-05", "2025-03-26", "2025-06-18"])("is without what %s does not know", async (version) => {
    const { protocolVersion, serverInfo, capabilities } = await hello(version);

    expect(protocolVersion).toBe(version);
    expect(serverInfo).toMatchObject({ name: "skyprep-mcp" });
    expect(serverInfo).not.toHaveProperty("icons");
    expect(capabilities).not.toHaveProperty("extensions");
  });
});
