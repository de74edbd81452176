import type { Reply } from "../task.ts";

export type Body = Readonly<Record<string, unknown>>;
/** What the model says: a call under the host's own name for the tool, or a few words. */
export type Answer =
  | { readonly call: { readonly name: string; readonly args: Readonly<Record<string, unknown>> } }
  | { readonly text: string };

export interface Read {
  /** The names of the tools that a request offers. */
  readonly tools: readonly string[];
  /** The replies to calls that it shows, oldest first, each by its call's id where there is one. */
  readonly replies: readonly (Reply & { readonly id: string | undefined })[];
  /** Only what is new is sent; tools were offered before. */
  readonly continues?: boolean;
}

/** One way in which hosts speak to models. */
export interface Dialect {
  takes(path: string): boolean;
  read(body: Body): Read;
  /** The answer, at once or as the events of a stream. */
  write(
    answer: Answer,
    body: Body,
    path: string,
  ):
    | { readonly whole: unknown; readonly events?: undefined }
    | { readonly whole?: undefined; readonly events: readonly string[] };
}

let made = 0;
export const newId = (of: string): string => `${of}_${++made}`;

export const event = (type: string, data: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
export const line = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

export const listIn = (value: unknown): readonly Body[] => (Array.isArray(value) ? (value as Body[]) : []);

/** The text of a content that is a text, or parts; a part that is no text is shown as it is. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === undefined ? "" : JSON.stringify(content);
  return (content as (Body | string)[])
    .map((part) =>
      typeof part === "string" ? part : typeof part.text === "string" ? part.text : JSON.stringify(part),
    )
    .join("\n");
}

export const idIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
