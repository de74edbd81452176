import type { WireRule } from "../../tools/schema/operation.ts";

export type Rules = Readonly<Record<string, WireRule>>;

/** An argument that cannot be written on the wire without becoming something else. */
export class Unwritable extends Error {
  readonly argument: string;
  constructor(argument: string, message: string) {
    super(message);
    this.argument = argument;
  }
}

/**
 * Arguments → `application/x-www-form-urlencoded` (skyprep-api §3.3): lists comma-joined unless a rule says
 * otherwise, flags as true/false, `custom_fields` as `ca_N`, `extra` as it is.
 */
export function encode(args: Readonly<Record<string, unknown>>, rules: Rules = {}): string {
  const form = new URLSearchParams();
  for (const [argument, value] of Object.entries(args)) {
    if (value === undefined) continue;
    const rule = rules[argument] ?? {};
    if (rule.sent === false) continue;
    const name = rule.as ?? argument;
    if (argument === "extra" || argument === "custom_fields") {
      for (const [key, text] of Object.entries(value as Record<string, string>)) form.append(key, text);
    } else if (Array.isArray(value)) {
      appendList(form, argument, name, value.map(String), rule);
    } else if (typeof value === "boolean") {
      form.append(name, rule.flag === "digits" ? (value ? "1" : "0") : String(value));
    } else {
      form.append(name, String(value));
    }
  }
  return form.toString();
}

function appendList(
  form: URLSearchParams,
  argument: string,
  name: string,
  items: string[],
  rule: WireRule,
): void {
  if (rule.list === "brackets") {
    for (const item of items) form.append(`${name}[]`, item);
    return;
  }
  const separator = rule.list === "semicolons" ? ";" : ",";
  const torn = items.find((item) => item.includes(separator));
  if (torn !== undefined) {
    throw new Unwritable(
      argument,
      `"${torn}" contains "${separator}", which separates the items of this list`,
    );
  }
  form.append(name, items.join(separator));
}
