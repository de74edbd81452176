import { readFrom } from "../../academy/read-from.ts";
import { Missing, Unread } from "../../academy/reads.ts";
import { Failure } from "../../skyprep/response.ts";
import { NobodyFound } from "../check/interpret.ts";
import { type ProofWorld, parametersOf, type Sent } from "./proof.ts";

/**
 * What a read shows before a write that no read after it alone can prove: a balance, a list without days. By route, as
 * `Sent.before`; nothing where it is of no use, or cannot be read.
 */
export async function lookBefore(
  { operation, told }: Pick<Sent, "operation" | "told">,
  world: ProofWorld,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { read: own, test, among } = operation.proof;
  const rises = test !== undefined && "rises" in test;
  const read = among?.read ?? (rises ? own : undefined);
  if (read === undefined) return undefined;
  try {
    const parameters = await parametersOf(read, { has: "" }, told, world, signal);
    return parameters && { [read]: await readFrom(world.api)(read, parameters, signal) };
  } catch (error) {
    // The write does not wait for its proof.
    if (error instanceof Missing || error instanceof Unread) return undefined;
    if (error instanceof Failure || error instanceof NobodyFound) return undefined;
    throw error;
  }
}
