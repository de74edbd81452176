import { toolName } from "../catalogue/catalogue.ts";
import { jobs as section } from "../catalogue/toolsets.ts";
import { limitedCalls } from "../policy/limits.ts";
import { type Policing, type PolicingWorld, police } from "../policy/policing.ts";
import type { Policy } from "../policy/policy.ts";
import { digest } from "../reply/cursor.ts";
import type { Send } from "../skyprep/send.ts";
import type { SharedState } from "../state/ports.ts";
import type { Definition } from "./all-tools.ts";

/** Of all processes under this policy together. */
export const limitedOf = (
  policy: Policy,
  send: Send,
  { state, now }: { readonly state: Pick<SharedState, "text" | "whereOf">; readonly now: () => number },
): Send => {
  const name = `${digest(policy.name)}.json`;
  const file = state.text("policies", name);
  const path = state.whereOf("policies", name);
  return limitedCalls(policy, { file, path, withLock: file.alone, now })(send);
};

export function policingOf(
  policy: Policy,
  { sections, jobs }: Pick<Definition, "sections" | "jobs">,
  world: Omit<PolicingWorld, "tools">,
): Policing {
  const operations = Object.entries(sections).flatMap(([section, records]) =>
    Object.entries(records).map(([route, { effect }]) => ({ name: toolName(route), section, effect })),
  );
  const whole = Object.entries(jobs).map(([name, { effect }]) => ({ name, section, effect }));
  return police(policy, {
    ...world,
    tools: new Map([...operations, ...whole].map((tool) => [tool.name, tool])),
  });
}

/** Where no policy is set. */
export const everybody = async () => undefined;
