import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { openAcademy } from "../../support/academy.ts";
import { tools } from "../../support/catalogue.ts";

const open = () => openAcademy({ env: { SKYPREP_SECTIONS: "essentials" } });
const itemsOf = (structured: Record<string, unknown> | undefined) =>
  (structured?.items ?? []) as { name: string; input: unknown }[];

describe("find_operation", () => {
  it("finds every operation by its own title, among the first four", async () => {
    const academy = await open();
    const missed: string[] = [];
    for (const { name, operation } of tools.values()) {
      const { structured } = await academy.call("find_operation", { words: operation.title });
      const items = itemsOf(structured);
      if (!items.some((one) => one.name === name)) missed.push(name);
    }

    expect(missed).toEqual([]);
    await academy.close();
  });

  it.each([
    ["take somebody off a course", "remove_user_from_course"],
    ["delete a group", "destroy_user_group"],
    ["give points", "create_gamification_transaction"],
    ["move training to another person", "move_training_data"],
    ["sign-in link", "get_login_key"],
    ["who registered for a session", "get_ilt_timeslot_registrations"],
    ["enrolling many people", "mass_enroll"],
    ["make somebody a manager of a group", "assign_manager_to_user_group"],
    ["badge number, card_no", "update_user"],
    ["change a work phone", "update_user"],
  ])("understands “%s”", async (words, name) => {
    const academy = await open();

    const { text, structured } = await academy.call("find_operation", { words });

    expect(itemsOf(structured).map((one) => one.name)).toContain(name);
    expect(text).toContain(`${name} (`);
    expect(countTokens(text)).toBeLessThan(1_500);
    await academy.close();
  });

  it("gives the input schema that the operation's own tool has, and says so where there is nothing", async () => {
    const academy = await open();

    const { structured } = await academy.call("find_operation", { words: "create a learning path" });
    const nothing = await academy.call("find_operation", { words: "zebra" });

    const [first] = itemsOf(structured);
    expect(first?.input).toEqual(tools.get(first?.name ?? "")?.shape.plain);
    expect(nothing.text).toMatch(/Nothing here/);
    await academy.close();
  });
});
