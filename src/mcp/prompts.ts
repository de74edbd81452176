import {
  type Prompt as ListedPrompt,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
} from "@modelcontextprotocol/server";
import { layOut } from "./prompts/lay-out.ts";
import { prompts } from "./prompts/list.ts";
import { type Prompt, type Step, toolsOf } from "./prompts/prompt.ts";

/** By name. */
export type OfferedPrompts = ReadonlyMap<string, Prompt>;

const longest = 200;
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]+/gu;

/**
 * The prompts these settings can carry out, less the steps that they cannot and can do without. `offered`: whether the
 * settings offer this tool; a prompt that cannot do without one of the others is not offered.
 */
export function offeredPrompts(offered: (tool: string) => boolean): OfferedPrompts {
  const possible = (step: Step) => toolsOf(step).every(offered);
  const kept = (steps: readonly Step[]) => steps.filter(possible);
  const whole = ({ look, act, check }: Prompt) =>
    [...look, ...act, ...check].every((step) => step.optional || possible(step));
  return new Map(
    Object.entries(prompts)
      .filter(([, prompt]) => whole(prompt))
      .map(([name, prompt]) => [
        name,
        {
          ...prompt,
          look: kept(prompt.look) as Prompt["look"],
          act: kept(prompt.act),
          check: kept(prompt.check) as Prompt["check"],
        },
      ]),
  );
}

/** Slash commands for the jobs people repeat. */
export function servePrompts(server: Server, there: OfferedPrompts): void {
  server.setRequestHandler("prompts/list", () => ({
    prompts: [...there].map(([name, prompt]) => listing(name, prompt)),
  }));
  server.setRequestHandler("prompts/get", ({ params }) => {
    const prompt = there.get(params.name);
    if (prompt === undefined) {
      throw invalid(
        `Unknown prompt: ${JSON.stringify(params.name.slice(0, 64))}. There are ${[...there.keys()].join(", ")}.`,
      );
    }
    const text = layOut(prompt, given(prompt, params.arguments ?? {}));
    return {
      description: prompt.description,
      messages: [{ role: "user" as const, content: { type: "text" as const, text } }],
    };
  });
}

function listing(name: string, { title, description, arguments: args }: Prompt): ListedPrompt {
  return {
    name,
    title,
    description,
    arguments: Object.entries(args).map(([argument, { says, required = false }]) => ({
      name: argument,
      description: says,
      required,
    })),
  };
}

/** What was filled in, as data: nothing invisible, one line each; or everything that is wrong, at once. */
function given(prompt: Prompt, raw: Readonly<Record<string, string>>): Map<string, string> {
  const unknown = Object.keys(raw).filter((name) => !Object.hasOwn(prompt.arguments, name));
  const values = new Map<string, string>();
  for (const name of Object.keys(prompt.arguments)) {
    const value = (Object.hasOwn(raw, name) ? (raw[name] ?? "") : "").replace(invisible, " ").trim();
    if (value !== "") values.set(name, value);
  }
  const missing = Object.entries(prompt.arguments).filter(
    ([name, { required }]) => required && !values.has(name),
  );
  const wrongs = [
    ...missing.map(([name, { says }]) => `${name} is missing: ${says}.`),
    ...[...values]
      .filter(([, value]) => value.length > longest)
      .map(([name]) => `${name} is longer than ${longest} characters: give the rest in the conversation.`),
    ...unknown.map(
      (name) =>
        `${JSON.stringify(name.slice(0, 64))} is not an argument; there are ${Object.keys(prompt.arguments).join(", ")}.`,
    ),
  ];
  if (wrongs.length > 0) throw invalid(wrongs.join("\n"));
  return values;
}

const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message);
