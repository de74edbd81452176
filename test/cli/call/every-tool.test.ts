import { describe, expect, it } from "vitest";
import { prebuiltTools } from "../../../src/app/prebuilt-tools.ts";
import { isSecretArgument } from "../../../src/call/redaction/redact.ts";
import { exampleOf } from "../../../src/catalogue/catalogue.ts";
import { metaTools } from "../../../src/catalogue/meta-tools.ts";
import { isPairs, type Property, type Shape, shapeOf } from "../../../src/catalogue/schema.ts";
import { ownFlags } from "../../../src/cli/call/command-line.ts";
import { jobTools, tools } from "../../support/catalogue.ts";
import { skyprep } from "./calling.ts";

type Example = Record<string, unknown>;
/** Of jobs, whose fields' examples are of no one call. */
const forJobs: Readonly<Record<string, Example>> = {
  plan_roster: { csv: "Email,Title\navery@example.com,Chief" },
  plan_enrollment: { group: "Sales Team", courses: ["240"] },
  plan_course_changes: { csv: "Course,New name\n201,Welcome" },
  apply_plan: { plan: "oak-17" },
  onboard_person: { login: "new@example.com", first_name: "New", last_name: "Hire" },
  offboard_person: { person: "avery@example.com" },
  offboard_people: { people: ["avery@example.com"] },
  merge_people: { from: "avery@example.com", into: "jordan@example.com" },
  session_roster: { session: "801" },
  export_report: { report: "all_users" },
  undo_change: { change: 1 },
  find: { text: "avery" },
  find_operation: { words: "group" },
  read_operation: { operation: "get_user", arguments: '{"user_id":101}' },
  write_operation: { operation: "create_course", arguments: '{"name":"Snakes"}' },
};

function exampleFor(name: string): {
  readonly args: Example;
  readonly shape: Shape;
  readonly sections?: string;
} {
  const tool = tools.get(name);
  if (tool) return { args: exampleOf(tool), shape: tool.shape };
  const job = jobTools.get(name);
  const args = forJobs[name] ?? {};
  if (job) return { args, shape: job.shape };
  return { args, shape: shapeOf(metaTools[name as keyof typeof metaTools].input), sections: "essentials" };
}

/** As a person would type it. */
function flagsOf(args: Example, properties: Readonly<Record<string, Property>>): string[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const property = properties[name];
    const flag = `--${name.replaceAll("_", "-")}`;
    if (typeof value === "boolean") return [value ? flag : flag.replace("--", "--no-")];
    if (property && isPairs(property))
      return (value as { field: string; is: unknown }[]).flatMap(({ field, is }) => [flag, `${field}=${is}`]);
    if (Array.isArray(value)) return value.flatMap((one) => [flag, String(one)]);
    return [flag, String(value)];
  });
}

describe("call", () => {
  it.each(prebuiltTools.map(({ name }) => name))("takes what %s takes, as flags", async (name) => {
    const { args, shape, sections } = exampleFor(name);
    const isSecret = Object.keys(args).some(isSecretArgument);
    const given = isSecret ? ["--args", "-"] : flagsOf(args, shape.plain.properties);

    const { code, json, err } = await skyprep(
      [...(sections ? ["--sections", sections] : []), "call", name, ...given, "--json"],
      { piped: isSecret ? JSON.stringify(args) : "" },
    );

    const { outcome, text, data } = json();
    expect(text, err).not.toMatch(/was not called/);
    expect(typeof data).toBe("object");
    const expected = { done: [0], waiting: [3], refused: [1, 3], failed: [1], partly: [4], unknown: [4] }[
      outcome
    ];
    expect(expected, `${outcome}: ${text}`).toContain(code);
    if (tools.get(name)?.operation.effect === "read") expect(code, text).toBe(0);
  });

  it("tells of every tool what it takes, and lists them all", async () => {
    const { out } = await skyprep(["call", "--list"]);

    for (const { name, section } of prebuiltTools)
      if (section !== "essentials") expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    const help = await skyprep(["call", "update_user", "--help"]);
    expect(help).toMatchObject({
      code: 0,
      out: expect.stringMatching(/--user-id N[\s\S]*--custom-fields NAME=VALUE/),
    });
  });

  it("has no flag of its own that a tool has as an argument", () => {
    const taken = prebuiltTools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties));

    expect(taken.filter((name) => (ownFlags as readonly string[]).includes(name))).toEqual([]);
  });
});
