import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createSandbox } from "../../src/sandbox/server/sandbox.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { connect, noon } from "../support/academy.ts";
import { questions } from "./questions.ts";

export interface Cost {
  question: string;
  tool: string;
  text: number;
  structured: number;
  /** The API's own answers behind the call. */
  raw: number;
}

/** What each question costs in tokens (o200k_base), beside the raw answers of the API. */
export async function costs(): Promise<Cost[]> {
  const sandbox = createSandbox({ now: () => noon, callsPerMinute: Number.POSITIVE_INFINITY });
  let raw: string[] = [];
  const send: Send = async (request, signal) => {
    const answer = await sandbox.send(request, signal);
    raw.push(new TextDecoder().decode(answer.body));
    return answer;
  };
  const rows: Cost[] = [];
  for (const [question, tool, args] of questions) {
    const academy = await connect(send, { SKYPREP_SANDBOX: "true" });
    raw = [];
    const reply = await academy.call(tool, args);
    if (reply.isError) throw new Error(`${tool}: ${reply.text}`);
    rows.push({
      question,
      tool,
      text: countTokens(reply.text),
      structured: countTokens(JSON.stringify(reply.structured)),
      raw: raw.reduce((sum, text) => sum + countTokens(text), 0),
    });
    await academy.close();
  }
  return rows;
}
