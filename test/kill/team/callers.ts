import { textOf } from "../../http/team.ts";
import type { Form, FormResult, Person } from "../../support/person.ts";
import { answerIfWhole, showsForms } from "../../support/stateless-call.ts";
import { callRaw, connectThrough, type Replicas } from "../../team/replicas.ts";

/** What came of a call for whoever made it. */
export type Told =
  | { readonly is: "reply"; readonly text: string; readonly isError: boolean }
  /** The connection ended without one. */
  | { readonly is: "lost" };

/** Done and said so, or said to be unknown: whoever asked need not ask again. */
export function isSettled(told: Told, isDone: boolean): boolean {
  if (told.is === "lost") return false;
  return isDone || /[1-9]\d* unknown|not known|is unknown/i.test(told.text);
}

export interface Caller {
  /** Makes the call, and after one that was lost makes it again. */
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Told>;
  close(): Promise<void>;
}

interface Calling {
  readonly who: string;
  readonly academy: string;
  /** Who answers forms. */
  readonly person: Person;
}

/** The SDK's own client: what was lost is called anew, and asked about anew. Without a person it shows no forms. */
export async function sdkCaller(
  running: Replicas,
  { who, ...connecting }: Omit<Calling, "person"> & Partial<Calling> & { readonly era?: "2025" | "2026" },
): Promise<Caller> {
  const client = await connectThrough(running, who, connecting);
  return {
    call: async (name, args) => {
      try {
        const reply = await client.callTool({ name, arguments: { ...args } });
        return { is: "reply", text: textOf(reply), isError: reply.isError === true };
      } catch {
        return { is: "lost" };
      }
    },
    close: () => client.close(),
  };
}

interface RawResult {
  readonly resultType?: string;
  readonly requestState?: string;
  readonly inputRequests?: Readonly<
    Record<
      string,
      {
        readonly params: {
          readonly message: string;
          readonly requestedSchema: { readonly properties: { readonly typed?: { readonly title?: string } } };
        };
      }
    >
  >;
  readonly isError?: boolean;
}

/** A client that brings the same answer again, to whichever replica is next, where it does not know whether it came. */
export function obstinateCaller(
  running: Replicas,
  {
    who,
    academy,
    person = () => ({ action: "cancel" }),
    capabilities = showsForms,
  }: Omit<Calling, "person"> & Partial<Calling> & { readonly capabilities?: object },
): Caller {
  let answer: { readonly of: string; readonly more: object } | undefined;
  return {
    async call(name, args) {
      const path = `/mcp/${academy}`;
      const of = JSON.stringify([name, args]);
      if (answer?.of !== of) answer = undefined;
      for (let round = 0; round < 6; round++) {
        let text: string;
        try {
          ({ text } = await callRaw(running, who, {
            path,
            name,
            args,
            capabilities,
            more: answer?.more ?? {},
          }));
        } catch {
          return { is: "lost" };
        }
        const result = resultIn(text);
        if (result === undefined) return { is: "lost" };
        if (result.inputRequests === undefined) {
          answer = undefined;
          return { is: "reply", text: textOf(result), isError: result.isError === true };
        }
        const answers: Record<string, FormResult> = {};
        for (const [key, { params }] of Object.entries(result.inputRequests)) {
          const title = params.requestedSchema.properties.typed?.title ?? "";
          const phrase = /^Type (.*) to go on\.$/s.exec(title)?.[1];
          answers[key] = await person({ message: params.message, phrase } satisfies Form);
        }
        answer = { of, more: { requestState: result.requestState, inputResponses: answers } };
      }
      throw new Error("asked again and again");
    },
    close: async () => {},
  };
}

/** Of a stream, its last message; undefined: it ended before that. */
function resultIn(text: string): RawResult | undefined {
  const { result, error } = answerIfWhole<{ result?: RawResult; error?: object }>(text) ?? {};
  if (error !== undefined) throw new Error(text);
  return result;
}
