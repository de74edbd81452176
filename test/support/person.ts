import type { Client } from "@modelcontextprotocol/client";

/** A form as a person sees it. */
export interface Form {
  message: string;
  /** What the form says has to be typed; undefined where a yes is enough. */
  phrase: string | undefined;
}
export type FormResult =
  | { action: "accept"; content: Record<string, string | number | boolean | string[]> }
  | { action: "decline" | "cancel" };
/** Whoever sits before the client. */
export type Person = (form: Form) => FormResult | Promise<FormResult>;

export const yes = ({ phrase }: Form): FormResult => ({
  action: "accept",
  content: phrase === undefined ? { answer: "yes" } : { typed: phrase },
});
/** Agrees to everything, and types what has to be typed. */
export const agreeing: Person = yes;

export function answersForms(client: Client, person: Person): void {
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    if (!("requestedSchema" in params)) return { action: "cancel" as const };
    const { typed } = params.requestedSchema.properties as { typed?: { title?: string } };
    const phrase = /^Type (.*) to go on\.$/s.exec(typed?.title ?? "")?.[1];
    return person({ message: params.message, phrase });
  });
}

/** The client opens the address it is given, and says that it did when whoever opened it is done. */
export function opensPages(client: Client, opens: (address: string) => Promise<void>): void {
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    if (!("url" in params)) return { action: "cancel" as const };
    await opens(params.url);
    return { action: "accept" as const };
  });
}
