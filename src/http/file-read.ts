import type { z } from "zod";

/** What a file says, or everything that is wrong with it: each a sentence that names the file and the place in it. */
export type FileRead<T> = { readonly value: T } | { readonly wrong: readonly string[] };

const most = 8;

/** What stands in the file is never repeated: a key may have been written there. */
export function sentences<S extends z.ZodType>(schema: S, text: string, file: string): FileRead<z.output<S>> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { wrong: [`${file}: it is no JSON, or is not written to its end.`] };
  }
  const { success, data, error } = schema.safeParse(given);
  if (success) return { value: data };
  const wrong = error.issues.slice(0, most).map((issue) => {
    const at = issue.path.map(String).join(".");
    return `${file}: ${at === "" ? "the whole" : at}: ${said(issue)}.`;
  });
  return { wrong };
}

function said(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return `there is no setting ${issue.keys.map((key) => key.slice(0, 40)).join(", ")}`;
  if (issue.code === "invalid_type")
    return issue.input === undefined
      ? `it is missing, or is no ${issue.expected}`
      : `it has to be of type ${issue.expected}`;
  return issue.message.slice(0, 200);
}
