import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  inputRequired,
  type RequestStateCodec,
  SdkError,
  SdkErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Progress } from "../call/progress.ts";
import type { Asker } from "../guard/channels/approval-channels.ts";
import {
  type Answer,
  type InputRequired,
  type Question,
  textOf,
  typeThis,
} from "../guard/question/question.ts";

/**
 * What an answer of the 2026 era is sealed with: the question, the digest of the very call it was asked for, and
 * whether a phrase had to be typed.
 */
export interface Seal {
  readonly question: string;
  readonly call: string;
  readonly phrase?: true;
}
export type Codec = RequestStateCodec<Seal>;

/** A person's time: as long as a question is good. */
const formMs = 600_000;
const field = { typed: "typed", answer: "answer" } as const;

/** How the client of this request can be asked, in its own protocol era. */
export async function askerOf(
  server: Server,
  ctx: ServerContext,
  codec: Codec,
  progress: Progress,
): Promise<Asker> {
  const { envelope } = ctx.mcpReq;
  const own = (envelope ?? {}) as {
    readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
    readonly [CLIENT_INFO_META_KEY]?: { readonly name?: string };
  };
  const capabilities = own[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  const client = own[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  const returned = envelope && (await returnedWith(ctx, codec));
  let waited = 0;
  return {
    client: client?.name ?? "",
    tell: (text) => progress(++waited, undefined, text),
    ...(showsForms(capabilities) && { form: envelope ? "suspends" : legacyForm(ctx) }),
    ...(returned && { returned }),
  };
}

/** `{}` was forms before there was anything else to declare. */
const showsForms = (capabilities: ClientCapabilities | undefined): boolean => {
  const elicitation = capabilities?.elicitation;
  return elicitation !== undefined && ("form" in elicitation || Object.keys(elicitation).length === 0);
};

/** The 2025 era: a request to the client while the call waits. */
const legacyForm =
  ({ mcpReq }: ServerContext): Exclude<Asker["form"], "suspends" | undefined> =>
  async (question, signal) => {
    try {
      // As it came: a check of the whole form before it is read would turn a no with a slip beside it into no answer.
      const asking = { method: "elicitation/create", params: formOf(question) } as const;
      const response = await mcpReq.send(asking, { timeout: formMs, signal });
      return answerIn(response, question.phrase === undefined ? "answer" : "typed");
    } catch (error) {
      signal.throwIfAborted();
      // Silence is no failure of the form: nobody answered, and nobody is asked again unless called again.
      const late = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
      return { said: late ? "cancelled" : "failed" };
    }
  };

/** The 2026 era: the answer that came back, if the seal around it is ours. */
async function returnedWith(ctx: ServerContext, codec: Codec): Promise<Asker["returned"]> {
  const state = ctx.mcpReq.requestState<string>();
  const response = ctx.mcpReq.inputResponses?.[field.answer];
  if (typeof state !== "string" || response === undefined) return undefined;
  try {
    const { question, call, phrase } = await codec.verify(state, ctx);
    return { question, call, answer: answerIn(response, phrase ? "typed" : "answer") };
  } catch {
    // Not ours, altered or too old: it counts for nothing, and the question is put anew.
    return undefined;
  }
}

/** The 2026 era: the call ends with the question, and begins again with what was said. */
export async function questionIn(
  { question, call }: InputRequired,
  codec: Codec,
  ctx: ServerContext,
): Promise<InputRequiredResult> {
  return inputRequired({
    inputRequests: { [field.answer]: inputRequired.elicit(formOf(question)) },
    requestState: await codec.mint(
      { question: question.id, call, ...(question.phrase !== undefined && { phrase: true as const }) },
      ctx,
    ),
  });
}

/** One object for all: the SDK compiles each schema it has not met, and keeps it as long as the process lives. */
const yesOrNo: ElicitRequestFormParams["requestedSchema"] = {
  type: "object",
  properties: { [field.answer]: { type: "string", title: "Your answer", enum: ["yes", "no"] } },
  required: [field.answer],
};
const typing = (phrase: string): ElicitRequestFormParams["requestedSchema"] => ({
  type: "object",
  properties: { [field.typed]: { type: "string", title: typeThis(phrase), maxLength: 255 } },
  required: [field.typed],
});

const formOf = (question: Question): ElicitRequestFormParams => ({
  mode: "form",
  message: textOf(question),
  requestedSchema: question.phrase === undefined ? yesOrNo : typing(question.phrase),
});

/**
 * Anything that is not plainly a yes is none: the one field that was asked for, as it was asked for. A no beside
 * it wins; a form that comes back otherwise has failed.
 */
function answerIn(response: unknown, asked: keyof typeof field): Answer {
  const { action, content } = (response ?? {}) as { action?: unknown; content?: unknown };
  if (action === "decline") return { said: "no" };
  if (action !== "accept") return { said: "cancelled" };
  // Fields of its own only: an inherited one was given by nobody.
  const given = new Map(typeof content === "object" && content !== null ? Object.entries(content) : []);
  if (given.get(field.answer) === "no") return { said: "no" };
  const value = given.get(field[asked]);
  if (Array.isArray(content) || given.size !== 1 || typeof value !== "string") return { said: "failed" };
  if (asked === "typed") return { said: "yes", typed: value };
  return { said: value === "yes" ? "yes" : "failed" };
}
