import type { Finding, Subject } from "../../../tools/schema/consequence.ts";
import type { Args } from "../../academy/call-arguments.ts";
import { loginKey } from "../../academy/identity.ts";
import type { Row } from "../../academy/reads.ts";
import type { Reached } from "./reach.ts";
import type { Seen } from "./subjects/seen.ts";
import { targetsIn } from "./subjects/targets.ts";

interface Known {
  readonly about: readonly Subject[];
  readonly tells: readonly Finding[];
  readonly seen: Readonly<Partial<Record<Subject, Seen>>>;
  readonly reached: Reached | undefined;
}

/** Whom a call affects, each once: whom it names, and who is behind its groups and paths; by number or login. */
export function affectedBy(args: Args, { about, tells, seen, reached }: Known): ReadonlySet<string> {
  const named = targetsIn(about, args).flatMap(({ kind, id, login }) => {
    if (kind === "person") return [loginKey(id ?? login)];
    // A registration is somebody's; whose is not always known.
    return kind === "registration" ? [`registration ${id}`] : [];
  });
  const behind = [
    ...(tells.includes("group-holds") ? [seen.group?.row] : []),
    ...(tells.includes("path-holds") ? [seen.path?.row] : []),
  ];
  const members = behind.flatMap((row) => [row?.users ?? []].flat()).flatMap(numberOf);
  return new Set([...named, ...members, ...(reached?.who ?? [])]);
}

const numberOf = (member: unknown): string[] => {
  const { id, user_id } = (member ?? {}) as Row;
  const one = user_id ?? id;
  return one === undefined ? [] : [loginKey(one)];
};

interface Step {
  readonly affects: ReadonlySet<string>;
  readonly weight: { readonly people: number };
}

/**
 * How many people all steps of a job affect: each once, however many steps are about them. `numbers`: whose login
 * is whose number, as far as it is known. Those who were only counted may be others each time.
 */
export function affectedByAll(steps: readonly Step[], numbers: ReadonlyMap<string, number>): number {
  const who = new Set<string>();
  let counted = 0;
  for (const step of steps) {
    for (const one of step.affects) who.add(String(numbers.get(one) ?? one));
    counted += Math.max(0, step.weight.people - step.affects.size);
  }
  return who.size + counted;
}
